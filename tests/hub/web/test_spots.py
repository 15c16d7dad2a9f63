"""Schools as the map shows them: the worst of their computers speaks for a school, and what is not known is not called broken."""

import json
from zoneinfo import ZoneInfo

import pytest

from hub.core.equipment import NodeKey
from hub.core.insights import IncidentSchool, IncidentView
from hub.core.overview import SchoolPlace, SchoolState
from hub.core.views import NodeView, SchoolLine
from hub.web.figures import Figures
from hub.web.language import load_languages
from hub.web.spots import map_data, spots_of, state_of, without_place

NOW, MINUTE = 1_795_157_100_000, 60_000
PLACE = SchoolPlace("cpm3", "30010012", "บ้านทุ่งดอกจาน", 15.9, 102.0)


def line(name: str = "30010012", *, online: bool = True, heard: int | None = NOW, troubled: int = 0) -> SchoolLine:
    return SchoolLine(NodeView(NodeKey("cpm3", name), online, NOW, heard, {}), 3, troubled, troubled)


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures(load_languages()["en"], ZoneInfo("Asia/Bangkok"))


def test_trouble_comes_before_silence() -> None:
    assert state_of(line(online=False, troubled=1), NOW) is SchoolState.TROUBLE


def test_a_computer_that_is_online_and_says_nothing_is_not_simply_well() -> None:
    assert state_of(line(heard=NOW - 14 * MINUTE), NOW) is SchoolState.WELL
    assert state_of(line(heard=NOW - 16 * MINUTE), NOW) is SchoolState.QUIET


def test_a_computer_that_was_never_heard_is_silent() -> None:
    assert state_of(line(online=False, heard=None), NOW) is SchoolState.SILENT


def test_the_worst_computer_speaks_for_its_school() -> None:
    lines = [line(heard=NOW - 5), line("30010012-2", online=False, heard=NOW - 60 * MINUTE)]
    (spot,) = spots_of([PLACE], lines, NOW)
    assert (spot.state, spot.node, spot.heard_at) == (SchoolState.SILENT, NodeKey("cpm3", "30010012-2"), NOW - 5)


def test_a_school_of_the_register_without_a_computer_is_shown_as_that() -> None:
    (spot,) = spots_of([PLACE], [line("30010099")], NOW)
    assert (spot.state, spot.node) == (SchoolState.ABSENT, None)


def test_schools_without_a_place_are_counted_once_for_all_their_computers() -> None:
    assert without_place([PLACE], [line(), line("30010099"), line("30010099-2")]) == 1


def test_the_map_is_told_where_each_stands_and_where_it_leads(figures: Figures) -> None:
    told = json.loads(map_data(spots_of([PLACE], [line(troubled=2)], NOW), [], figures))
    assert told == {
        "schools": [
            ["cpm3/30010012", PLACE.name, "/schools/cpm3/30010012", 15.9, 102.0, "trouble", NOW, 2, 2],
        ],
        "areas": [],
    }


def test_an_incident_is_an_area_around_those_of_its_schools_that_have_a_place(figures: Figures) -> None:
    befallen = tuple(IncidentSchool(code, None, NOW, None) for code in ("30010012", "30010099"))
    rain = IncidentView("cpm3", "rain/1", "rain_fade", NOW, None, befallen, ())
    nowhere = IncidentView("cpm3", "rain/2", "rain_fade", NOW, None, befallen[1:], ())
    (area,) = json.loads(map_data(spots_of([PLACE], [line()], NOW), [rain, nowhere], figures))["areas"]
    assert (area["name"], area["url"], area["schools"]) == (figures.incident("rain_fade"), "/incidents/cpm3/rain/1", 2)
    assert len(area["ring"]) == 16
