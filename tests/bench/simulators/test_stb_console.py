"""A console: what is typed comes back, then the answer, then the prompt."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.simulators.stb_console import ConsoleSession


@pytest.fixture
def box(lone: Callable[..., Any]) -> Any:
    return lone("stb-console")


def test_a_command_is_echoed_answered_and_prompted(box: Any) -> None:
    answer = ConsoleSession(box.unit).feed(b"frontend\r").decode()
    assert answer.startswith("frontend\r\nLOCK=1 SNR=13.")
    assert answer.endswith("%\r\nstb# ")


def test_an_empty_line_gets_the_prompt(box: Any) -> None:
    assert ConsoleSession(box.unit).feed(b"\r\n") == b"\r\nstb# "


def test_lines_end_as_the_caller_likes(box: Any) -> None:
    for end in (b"\r", b"\n", b"\r\n"):
        assert ConsoleSession(box.unit).feed(b"uptime" + end) == b"uptime\r\n3600\r\nstb# "


def test_a_command_may_come_in_pieces(box: Any) -> None:
    session = ConsoleSession(box.unit)
    assert session.feed(b"ser") == b""
    assert session.feed(b"vice\r") == b"service\r\nDLTV 1\r\nstb# "


def test_an_unknown_command_is_answered_as_a_shell_would(box: Any) -> None:
    assert ConsoleSession(box.unit).feed(b"tea now\r") == b"tea now\r\nsh: tea: not found\r\nstb# "


def test_in_standby_the_front_end_says_so(box: Any) -> None:
    box.break_("standby")
    assert b"standby" in ConsoleSession(box.unit).feed(b"frontend\r")
    assert b"3600" in ConsoleSession(box.unit).feed(b"uptime\r")


def test_without_lock_the_figures_tell_why(box: Any) -> None:
    box.break_("no-lock")
    assert b"LOCK=0 SNR=0.0dB AGC=7" in ConsoleSession(box.unit).feed(b"frontend\r")
    box.live.change(lambda school, now: school.with_fault("lnb-dead", now))
    assert b"LOCK=0 SNR=0.0dB AGC=0%" in ConsoleSession(box.unit).feed(b"frontend\r")


def test_one_that_refuses_has_an_error_for_everything(box: Any) -> None:
    box.break_("refuse")
    assert b"Input/output error" in ConsoleSession(box.unit).feed(b"uptime\r")


def test_with_a_password_it_asks_and_hides_what_is_typed(lone: Callable[..., Any]) -> None:
    session = ConsoleSession(lone("stb-console", user="root", password="Bench").unit)
    assert session.feed(b"\r") == b"\r\nlogin: "
    assert session.feed(b"root\r") == b"root\r\nPassword: "
    assert session.feed(b"wrong\r") == b"\r\nLogin incorrect\r\nlogin: "
    session.feed(b"root\r")
    assert session.feed(b"Bench\r") == b"\r\nstb# "
    assert b"3600" in session.feed(b"uptime\r")
    assert session.feed(b"exit\r") == b"exit\r\nlogin: "


def test_answers_are_the_settings_own(lone: Callable[..., Any]) -> None:
    box = lone("stb-console", echo=False, prompt="> ", answers={"st": "lock:{lock}\nup:{uptime_s}"})
    assert ConsoleSession(box.unit).feed(b"st\r") == b"\r\nlock:1\r\nup:3600\r\n> "


def test_a_figure_that_does_not_exist_is_refused(lone: Callable[..., Any]) -> None:
    with pytest.raises(ValidationError, match="no such figure: 'tea'"):
        lone("stb-console", answers={"st": "{tea}"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=600))
def test_noise_never_upsets_it(box: Any, noise: bytes) -> None:
    assert isinstance(ConsoleSession(box.unit).feed(noise + b"\r"), bytes)
