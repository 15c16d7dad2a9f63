"""upsd's network protocol: what a UPS says of itself, and what upsd says where it cannot ask it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.mains import UpsFacts
from bench.nut import NutSession, NutSettings, status

SETTINGS = NutSettings(description='a "quoted" \\ one')


def ask(line: str, ups: UpsFacts | None = None) -> list[str]:
    session = NutSession(SETTINGS, lambda: ups or UpsFacts())
    return session.feed(f"{line}\n".encode()).decode().splitlines()


def test_a_list_repeats_the_question_around_its_lines() -> None:
    assert ask("LIST UPS") == ["BEGIN LIST UPS", r'UPS classups "a \"quoted\" \\ one"', "END LIST UPS"]


def test_a_variable_is_a_quoted_word() -> None:
    assert ask("GET VAR classups ups.status") == ['VAR classups ups.status "OL"']


def test_all_variables_come_in_order() -> None:
    first, *found, last = ask("LIST VAR classups")
    assert (first, last) == ("BEGIN LIST VAR classups", "END LIST VAR classups")
    names = [line.split(" ")[2] for line in found]
    assert names == sorted(names)
    assert 'VAR classups battery.runtime "2400"' in found


@pytest.mark.parametrize(
    ("ups", "words"),
    [
        (UpsFacts(), "OL"),
        (UpsFacts(charge_pct=80), "OL CHRG"),
        (UpsFacts(mains=False, charge_pct=80), "OB DISCHRG"),
        (UpsFacts(mains=False, charge_pct=12), "OB LB DISCHRG"),
        (UpsFacts(battery_worn=True), "OL RB"),
        (UpsFacts(overloaded=True), "OL OVER"),
    ],
)
def test_the_status_is_a_row_of_words(ups: UpsFacts, words: str) -> None:
    assert status(ups) == words


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("GET VAR other ups.status", "ERR UNKNOWN-UPS"),
        ("LIST VAR other", "ERR UNKNOWN-UPS"),
        ("GET VAR classups nothing", "ERR VAR-NOT-SUPPORTED"),
        ("GET", "ERR INVALID-ARGUMENT"),
        ("LIST PLANETS", "ERR INVALID-ARGUMENT"),
        ("SET VAR classups ups.id x", "ERR ACCESS-DENIED"),
        ("INSTCMD classups load.off", "ERR ACCESS-DENIED"),
        ("STARTTLS", "ERR FEATURE-NOT-CONFIGURED"),
        ("MAKE TEA", "ERR UNKNOWN-COMMAND"),
        ('GET VAR "classups', "ERR UNKNOWN-COMMAND"),
    ],
)
def test_what_cannot_be_answered_has_its_own_error(line: str, error: str) -> None:
    assert ask(line) == [error]


def test_a_lost_driver_and_lost_data_are_told_apart() -> None:
    assert ask("GET VAR classups ups.status", UpsFacts(driver=False)) == ["ERR DRIVER-NOT-CONNECTED"]
    assert ask("LIST VAR classups", UpsFacts(fresh=False)) == ["ERR DATA-STALE"]
    assert ask("GET UPSDESC classups", UpsFacts(fresh=False))[0].startswith("UPSDESC classups")


def test_versions_are_told_to_anybody() -> None:
    assert ask("NETVER") == ["1.3"]
    assert "upsd" in ask("VER")[0]


def test_logout_is_answered_and_ends_the_session() -> None:
    session = NutSession(SETTINGS, UpsFacts)
    assert session.feed(b"LOGOUT\nVER\n") == b"OK Goodbye\n"
    assert session.ended


def test_a_line_may_come_in_pieces_and_two_at_once() -> None:
    session = NutSession(SETTINGS, UpsFacts)
    assert session.feed(b"NET") == b""
    assert session.feed(b"VER\r\nNETVER\n") == b"1.3\n1.3\n"


def test_who_never_ends_a_line_is_hung_up_on() -> None:
    session = NutSession(SETTINGS, UpsFacts)
    session.feed(b"x" * 600)
    assert session.ended


@given(st.binary(max_size=200))
def test_noise_never_upsets_it(noise: bytes) -> None:
    session = NutSession(SETTINGS, UpsFacts)
    assert isinstance(session.feed(noise + b"\n"), bytes)
