"""How urgent a repair is, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.texts import Text
from hub.repairs.priority import Circumstances, Urgency, weighed

HARD = Circumstances(pupils=90, rooms=1, touched=1, lost_min=300.0, days=10, reports=2)
AROUND = st.builds(
    Circumstances,
    pupils=st.none() | st.integers(0, 3000),
    rooms=st.integers(0, 60),
    touched=st.integers(0, 60),
    lost_min=st.floats(0, 10_000),
    days=st.integers(0, 900),
    reports=st.integers(0, 20),
    recovered=st.booleans(),
)


def test_lessons_lost_pupils_touched_and_a_small_school_make_it_most_urgent() -> None:
    found = weighed(HARD)
    assert found.urgency is Urgency.MOST
    assert [each.code for each in found.reasons] == [
        "priority.lost",
        "priority.pupils",
        "priority.small_school",
        "priority.reports",
        "priority.days",
    ]


def test_what_is_known_of_nothing_is_not_urgent() -> None:
    assert (weighed(Circumstances()).urgency, weighed(Circumstances()).reasons) == (Urgency.NORMAL, ())


def test_what_is_well_again_can_wait_whatever_it_cost() -> None:
    found = weighed(replace(HARD, recovered=True))
    assert (found.urgency, [each.code for each in found.reasons]) == (Urgency.NORMAL, ["priority.recovered"])


def test_pupils_are_spread_over_the_rooms() -> None:
    assert Circumstances(pupils=90, rooms=3, touched=1).touched_pupils == 30
    assert Circumstances(pupils=90, rooms=0, touched=2).touched_pupils == 90
    assert Circumstances(pupils=90, rooms=3).touched_pupils is None


@pytest.mark.parametrize(("said", "own"), [("urgent", True), ("nonsense", False), (None, False)])
def test_people_say_otherwise_with_a_reason(said: str | None, own: bool) -> None:
    found = weighed(replace(HARD, said=said, why="สอบเสร็จแล้ว"))
    assert found.own is own
    assert found.urgency is (Urgency.URGENT if own else Urgency.MOST)
    told = Text("priority.said", {"why": "สอบเสร็จแล้ว", "urgency": "most_urgent"})
    assert (found.reasons[0] == told) is own


def test_of_two_that_are_equally_urgent_the_small_school_comes_first() -> None:
    small = weighed(Circumstances(pupils=60, rooms=6, touched=1))
    large = weighed(Circumstances(pupils=600, rooms=30, touched=1, lost_min=5))
    assert small.urgency is large.urgency
    assert small.order < large.order


@given(AROUND, st.floats(0, 500))
def test_more_lessons_lost_never_make_it_less_urgent(around: Circumstances, more: float) -> None:
    assert weighed(replace(around, lost_min=around.lost_min + more)).order <= weighed(around).order
