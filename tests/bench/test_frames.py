from collections.abc import Callable
from typing import Any

import pytest

from bench.frames import Frames


def cut(data: bytes) -> int:
    """A frame is '<', a digit, and so many signs."""
    if data[:1] != b"<":
        return -1
    return 2 + int(data[1:2]) if data[1:2].isdigit() else -1 if len(data) > 1 else 0


@pytest.fixture
def device(lone: Callable[..., Any]) -> Any:
    return lone("lg-rs232")


def test_frames_are_cut_wherever_the_pieces_end(device: Any) -> None:
    frames = Frames(device.unit, cut)
    assert [frames.feed(bytes((byte,))) for byte in b"<2ab<0"] == [[], [], [], [b"<2ab"], [], [b"<0"]]


def test_what_is_no_beginning_is_skipped(device: Any) -> None:
    assert Frames(device.unit, cut).feed(b"xx<y<1az<1b") == [b"<1a", b"<1b"]


def test_a_beginning_that_stays_alone_is_forgotten_after_a_second(device: Any) -> None:
    frames = Frames(device.unit, cut)
    assert frames.feed(b"<9") == []
    device.clock.pass_s(1.1)
    assert frames.feed(b"<1a") == [b"<1a"]
