"""upsd's network protocol: what a UPS says of itself, and what upsd says where it cannot ask it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.simulators.nut import NutSession


@pytest.fixture
def ups(lone: Callable[..., Any]) -> Any:
    return lone("nut", description='a "quoted" \\ one', runtime_s=1000)


def ask(ups: Any, line: str) -> list[str]:
    return NutSession(ups.unit).feed(f"{line}\n".encode()).decode().splitlines()


def status(ups: Any) -> str:
    (line,) = ask(ups, "GET VAR classups ups.status")
    return line.removeprefix('VAR classups ups.status "').removesuffix('"')


def test_a_list_repeats_the_question_around_its_lines(ups: Any) -> None:
    assert ask(ups, "LIST UPS") == ["BEGIN LIST UPS", r'UPS classups "a \"quoted\" \\ one"', "END LIST UPS"]


def test_all_variables_come_in_order(ups: Any) -> None:
    first, *found, last = ask(ups, "LIST VAR classups")
    assert (first, last) == ("BEGIN LIST VAR classups", "END LIST VAR classups")
    names = [line.split(" ")[2] for line in found]
    assert names == sorted(names)
    assert 'VAR classups battery.runtime "1000"' in found


def test_on_the_mains_it_is_on_line(ups: Any) -> None:
    assert status(ups) == "OL"


def test_without_mains_the_battery_empties_and_gets_low(ups: Any) -> None:
    ups.break_("on-battery")
    ups.clock.pass_s(500)
    assert status(ups) == "OB DISCHRG"
    assert ask(ups, "GET VAR classups battery.charge") == ['VAR classups battery.charge "50"']
    ups.clock.pass_s(350)
    assert status(ups) == "OB LB DISCHRG"
    ups.clock.pass_s(3600)
    assert ask(ups, "GET VAR classups battery.runtime") == ['VAR classups battery.runtime "0"']
    ups.mend("on-battery")
    assert status(ups) == "OL"


def test_a_worn_battery_and_too_much_load_are_further_words(ups: Any) -> None:
    ups.break_("battery-worn")
    assert status(ups) == "OL RB"
    assert ask(ups, "GET VAR classups battery.runtime") == ['VAR classups battery.runtime "150"']
    ups.break_("overloaded")
    assert status(ups) == "OL RB OVER"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("GET VAR other ups.status", "ERR UNKNOWN-UPS"),
        ("LIST VAR other", "ERR UNKNOWN-UPS"),
        ("GET VAR classups nothing", "ERR VAR-NOT-SUPPORTED"),
        ("GET", "ERR INVALID-ARGUMENT"),
        ("LIST PLANETS", "ERR INVALID-ARGUMENT"),
        ("SET VAR classups ups.id x", "ERR USERNAME-REQUIRED"),
        ("INSTCMD classups load.off", "ERR USERNAME-REQUIRED"),
        ("VER please", "ERR INVALID-ARGUMENT"),
        ("", "ERR UNKNOWN-COMMAND"),
        ("STARTTLS", "ERR FEATURE-NOT-CONFIGURED"),
        ("MAKE TEA", "ERR UNKNOWN-COMMAND"),
        ('GET VAR "classups', "ERR UNKNOWN-COMMAND"),
    ],
)
def test_what_cannot_be_answered_has_its_own_error(ups: Any, line: str, error: str) -> None:
    assert ask(ups, line) == [error]


def test_a_lost_driver_and_lost_data_are_told_apart(ups: Any) -> None:
    ups.break_("stale")
    assert ask(ups, "LIST VAR classups") == ["ERR DATA-STALE"]
    assert ask(ups, "GET UPSDESC classups")[0].startswith("UPSDESC classups")
    ups.break_("no-driver")
    assert ask(ups, "GET VAR classups ups.status") == ["ERR DRIVER-NOT-CONNECTED"]


def test_one_that_refuses_denies_everything(ups: Any) -> None:
    ups.break_("refuse")
    assert ask(ups, "LIST UPS") == ["ERR ACCESS-DENIED"]


def test_versions_are_told_to_anybody(ups: Any) -> None:
    assert ask(ups, "NETVER") == ["1.3"]
    assert "upsd" in ask(ups, "VER")[0]
    assert ask(ups, "GET TYPE classups ups.load") == ["TYPE classups ups.load NUMBER"]
    assert ask(ups, "GET NUMLOGINS classups") == ["NUMLOGINS classups 0"]


def test_who_wants_to_write_is_asked_and_then_denied(ups: Any) -> None:
    session = NutSession(ups.unit)
    assert session.feed(b"username a\nUSERNAME b\n") == b"OK\nERR ALREADY-SET-USERNAME\n"
    assert (
        session.feed(b"FSD classups\nPASSWORD c\nFSD classups\n") == b"ERR PASSWORD-REQUIRED\nOK\nERR ACCESS-DENIED\n"
    )
    assert session.feed(b"USERNAME\n") == b"ERR INVALID-ARGUMENT\n"


def test_logout_is_answered_and_ends_the_session(ups: Any) -> None:
    session = NutSession(ups.unit)
    assert session.feed(b"LOGOUT\nVER\n") == b"OK Goodbye\n"
    assert session.ended


def test_a_line_may_come_in_pieces_and_two_at_once(ups: Any) -> None:
    session = NutSession(ups.unit)
    assert session.feed(b"NET") == b""
    assert session.feed(b"VER\r\nNETVER\n") == b"1.3\n1.3\n"


def test_who_never_ends_a_line_is_hung_up_on(ups: Any) -> None:
    session = NutSession(ups.unit)
    session.feed(b"x" * 600)
    assert session.ended


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200))
def test_noise_never_upsets_it(ups: Any, noise: bytes) -> None:
    assert isinstance(NutSession(ups.unit).feed(noise + b"\n"), bytes)
