"""What belongs together is one incident: the same cause, near in place and time."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.findings import Incident
from hub.detection.incidents import Incidents

GAP, KEEP = 45, 1440


def _near(one: str, other: str) -> bool:
    """Schools are named by their kilometre along a road."""
    return abs(int(one) - int(other)) <= 10


def _begin(incidents: Incidents, school: str, start: int, cause: str = "rain_fade") -> None:
    incidents.begin(cause, school, f"{school}/d1", start, gap_ms=GAP, near=_near)


def _told(incidents: Incidents, t: int = 0) -> list[Incident]:
    return list(incidents.tell("cpm3", t, KEEP))


def test_neighbours_are_one_incident() -> None:
    incidents = Incidents()
    for school, start in (("0", 100), ("8", 110), ("16", 130)):
        _begin(incidents, school, start)
    (rain,) = _told(incidents)
    assert (rain.start, rain.end) == (100, None)
    assert rain.schools == {"0": (100, None), "8": (110, None), "16": (130, None)}


def test_far_away_or_later_or_for_another_cause_it_is_another() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    _begin(incidents, "50", 100)
    _begin(incidents, "1", 100, "satellite_outage")
    incidents.end("0/d1", 120)
    _begin(incidents, "2", 120 + GAP + 1)
    assert len(_told(incidents)) == 4


def test_it_ends_when_the_last_member_is_through() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    _begin(incidents, "5", 110)
    incidents.end("0/d1", 150)
    assert _told(incidents)[0].end is None
    incidents.end("5/d1", 140)
    (rain,) = _told(incidents)
    assert rain.end == 150
    assert rain.schools == {"0": (100, 150), "5": (110, 140)}


def test_a_shower_that_returns_soon_is_the_same_incident() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    incidents.end("0/d1", 120)
    _begin(incidents, "0", 130)
    (rain,) = _told(incidents)
    assert rain.schools == {"0": (100, None)}


def test_told_again_it_changes_nothing() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    _told(incidents)
    _begin(incidents, "0", 100)
    assert _told(incidents) == []


def test_what_turned_out_to_be_something_else_is_taken_back() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    _begin(incidents, "5", 100)
    _told(incidents)
    incidents.retract("0/d1")
    assert list(_told(incidents)[0].schools) == ["5"]
    incidents.retract("5/d1")
    assert _told(incidents)[0].schools == {}


def test_most_are_back_when_more_than_half_are() -> None:
    incidents = Incidents()
    for school in ("0", "1", "2"):
        _begin(incidents, school, 100)
    incidents.end("0/d1", 200)
    assert incidents.most_back("2/d1") is None
    incidents.end("1/d1", 220)
    assert incidents.most_back("2/d1") == 220


def test_what_ended_long_ago_is_let_go() -> None:
    incidents = Incidents()
    _begin(incidents, "0", 100)
    incidents.end("0/d1", 120)
    _told(incidents, 120 + KEEP + 1)
    assert incidents.groups == {}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 100_000))
def test_a_span_is_part_of_one_incident_and_an_incident_has_an_end_when_none_of_its_spans_runs(seed: int) -> None:
    rng, incidents, open_spans = Random(seed), Incidents(), set[str]()
    for t in range(0, 2000, 20):
        school = str(rng.randrange(0, 60, 5))
        if school in open_spans:
            open_spans.discard(school)
            (incidents.end if rng.random() < 0.8 else lambda span, _: incidents.retract(span))(f"{school}/d1", t)
        else:
            open_spans.add(school)
            _begin(incidents, school, t)
        runs = [
            span for group in incidents.groups.values() for each in group.members.values() for span in each.open_spans
        ]
        assert sorted(runs) == sorted(f"{school}/d1" for school in open_spans)
    for incident in _told(incidents):
        assert (incident.end is None) == any(end is None for _, end in incident.schools.values())
