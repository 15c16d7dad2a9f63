"""Whatever a device speaks, its line has these troubles."""

from typing import Any

import pytest

from bench.lines.trouble import Answer, Trouble


def test_in_order_everything_passes(trouble: Trouble) -> None:
    assert trouble.answer(b"abc") == Answer(b"abc")


@pytest.mark.parametrize("code", ["silent", "dead", "reboot"])
def test_nothing_comes_from_a_silent_or_powerless_device(trouble: Trouble, broken: Any, code: str) -> None:
    broken.break_(code)
    assert trouble.answer(b"abc").data is None


def test_slow_is_right_and_late(trouble: Trouble, broken: Any) -> None:
    broken.break_("slow")
    assert trouble.answer(b"abc") == Answer(b"abc", 0.3)


def test_garbage_has_the_answers_length_only(trouble: Trouble, broken: Any) -> None:
    broken.break_("garbage")
    noise = trouble.answer(b"a" * 100).data
    assert noise is not None
    assert len(noise) == 100
    assert noise != b"a" * 100


def test_half_breaks_off_in_the_middle(trouble: Trouble, broken: Any) -> None:
    broken.break_("half")
    assert trouble.answer(b"abcdefg").data == b"abcd"


def test_of_two_troubles_the_later_counts(trouble: Trouble, broken: Any) -> None:
    broken.break_("slow")
    broken.break_("silent")
    assert trouble.answer(b"abc").data is None
    broken.mend("silent")
    assert trouble.answer(b"abc") == Answer(b"abc", 0.3)


def test_an_empty_answer_stays_none(trouble: Trouble, broken: Any) -> None:
    broken.break_("garbage")
    assert trouble.answer(b"").data is None


@pytest.mark.parametrize(
    ("code", "plugged", "listening"),
    [("dead", True, False), ("reboot", True, False), ("unplugged", False, False), ("silent", True, True)],
)
def test_a_port_goes_with_power_and_plug_a_line_with_the_plug(
    trouble: Trouble, broken: Any, code: str, plugged: bool, listening: bool
) -> None:
    broken.break_(code)
    moment = broken.live.look()
    assert (trouble.plugged(moment), trouble.listening(moment)) == (plugged, listening)
