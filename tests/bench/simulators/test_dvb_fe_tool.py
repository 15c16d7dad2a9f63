"""dvb-fe-tool's one line: what is not measured is left out of it."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from bench.app import Bench
from bench.simulators import dvb_fe_tool
from bench.stations import Call, Printed

CALL = Call(("-m", "-a0", "-f0", "-c", "1"), "")


@pytest.fixture
def tuner(lone: Callable[..., Any]) -> Any:
    return lone("dvb-fe-tool")


def said(tuner: Any) -> str:
    printed: Printed = dvb_fe_tool.run(tuner.unit, CALL)
    assert printed.out == ""
    return printed.err


def test_a_locked_tuner_tells_everything(tuner: Any) -> None:
    line = said(tuner)
    assert line.startswith("Lock   (0x1f) Quality= Poor Signal= -3")
    assert "C/N= 13." in line
    assert line.endswith("UCB= 0 postBER= 0 preBER= 1.23x10^-6 PER= 0\n")


@pytest.mark.parametrize(("bands", "word"), [((9, 12), "Good"), ((12, 15), "Ok"), ((16, 19), "Poor")])
def test_the_quality_is_by_the_bands_of_the_code_rate(
    lone: Callable[..., Any], bands: tuple[int, int], word: str
) -> None:
    poor, good = bands
    assert f"Quality= {word} " in said(lone("dvb-fe-tool", poor_below_db=poor, good_from_db=good))


def test_a_broken_tuner_has_a_carrier_and_a_level(tuner: Any) -> None:
    tuner.break_("no-lock")
    assert said(tuner).startswith("Carrier(0x03) Signal= -")
    assert "C/N" not in said(tuner)


def test_a_dead_lnb_leaves_only_the_state(tuner: Any) -> None:
    tuner.live.change(lambda school, now: school.with_fault("lnb-dead", now))
    assert said(tuner) == "       (0x00)\n"


@pytest.mark.parametrize("code", ["unplugged", "dead", "refuse"])
def test_without_a_front_end_it_ends_with_one(tuner: Any, code: str) -> None:
    tuner.break_(code)
    assert dvb_fe_tool.run(tuner.unit, CALL).code == 1


def test_as_a_program_it_prints_on_its_error_output(bench_of: Callable[..., Bench]) -> None:
    (port,) = bench_of("dvb-fe-tool").ports("unit")
    command = [port.place(), *CALL.arguments]
    answer = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, text=True, timeout=60, check=False)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert answer.stderr.startswith("Lock   (0x1f)")
