import pytest
from pydantic import ValidationError

from firmware_profiles.frames import FrameProtocol, pieces

GOOD = {
    "name": "frame",
    "request": "AA {command} {length} {data} {sum}",
    "answer": "AA {length} {data} {sum}",
    "length_counts": "body",
}


def test_a_pattern_is_bytes_and_names() -> None:
    assert pieces("AA {command} 0F {xor}") == (0xAA, "command", 0x0F, "xor")


def test_a_good_protocol_is_one() -> None:
    assert FrameProtocol.model_validate(GOOD).checksum_from == 0


@pytest.mark.parametrize(
    ("key", "pattern", "way_out"),
    [
        ("request", "A {command}", "write two digits"),
        ("request", "aa {command}", "write two digits"),
        ("request", "AA {comand}", "{command}"),
        ("answer", "AA {length} {data} {data}", "one {data}"),
        ("answer", "AA {length} {data} {sum} {xor}", "one checksum"),
        ("answer", "AA {data} {sum}", "add {length}"),
        ("answer", "AA {data} {length}", "add {length}"),
        ("refusal", "AA {data} {sum}", "add {length}"),
        ("request", "AA {any}", "no {any}"),
    ],
)
def test_a_pattern_that_cannot_be_found_again_is_told_with_the_way_out(key: str, pattern: str, way_out: str) -> None:
    with pytest.raises(ValidationError) as told:
        FrameProtocol.model_validate({**GOOD, key: pattern})
    assert way_out in str(told.value)
