"""Reports in the line protocol of InfluxDB."""

import re

from hypothesis import given
from hypothesis import strategies as st

from hub.core.reports import Sample
from hub.historian.lines import lines, series
from wire.metrics import DataType

T = 1_795_157_100_000
BEGIN = series({"group": "cpm3", "node": "30010003", "device": "p1-tv", "kind": "tv", "room": ""})


def sample(value: object, t: int | None = None) -> Sample:
    return Sample(value, DataType.DOUBLE, t)  # type: ignore[arg-type]


def test_a_report_is_one_line() -> None:
    told = {"signal/cnr_db": sample(11.25), "signal/locked": sample(True), "power/state": sample("on")}
    assert list(lines(BEGIN, T, told)) == [
        f'dltv,device=p1-tv,group=cpm3,kind=tv,node=30010003 signal_cnr_db=11.25,signal_locked=true,power_state="on" {T}'
    ]


def test_values_of_another_moment_stand_in_a_line_of_their_own() -> None:
    told = {"lamp/hours": sample(7, T - 500), "power/on": sample(False)}
    assert list(lines(BEGIN, T, told)) == [f"{BEGIN} lamp_hours=7.0 {T - 500}", f"{BEGIN} power_on=false {T}"]


def test_what_no_line_can_say_is_left_out() -> None:
    told = {"a": sample(None), "b": sample(float("nan")), "c": sample(float("inf"))}
    assert list(lines(BEGIN, T, told)) == []


def test_whole_numbers_are_written_as_fractions_could_follow() -> None:
    assert list(lines(BEGIN, T, {"n": sample(3)})) == [f"{BEGIN} n=3.0 {T}"]


@given(st.text(), st.text())
def test_nothing_that_is_told_breaks_out_of_its_place(room: str, said: str) -> None:
    """Unescaped there are: one space behind the series and one behind the fields, outside of the text."""
    begin = series({"room": room, "node": "1"})
    (line,) = lines(begin, T, {"said": sample(said)})
    assert line.startswith(f'{begin} said="')
    assert not re.search(r"(?<!\\)(?:\\\\)* ", begin)
    text = line.removeprefix(f"{begin} said=").removesuffix(f" {T}")
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL)
    assert text[1:-1].replace(r"\"", '"').replace("\\\\", "\\") == said or "\\" in said
