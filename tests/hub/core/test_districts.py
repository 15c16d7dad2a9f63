"""Districts: what they are called, and what several of them come to together."""

import pytest

from hub.core.districts import District, DistrictCount, together


def count(**told: object) -> DistrictCount:
    return DistrictCount(**{"at": 1000, "agents": 1, **told})  # type: ignore[arg-type]


def test_several_come_to_the_sum_of_each_and_are_as_old_as_the_oldest() -> None:
    one = count(schools=2, silent=1, rooms=3, class_min=100.0, lost={"tv_failed": 10.0}, ages=(1, 0, 0, 2), overdue=1)
    other = count(at=900, schools=3, class_min=300.0, lost={"tv_failed": 5.0, "rain_fade": 25.0}, ages=(0, 4, 0, 0))
    whole = together([one, other])
    assert (whole.at, whole.schools, whole.agents, whole.silent, whole.rooms, whole.overdue) == (900, 5, 2, 1, 3, 1)
    assert whole.ages == (1, 4, 0, 2)
    assert whole.open == 7
    assert whole.causes_today == (("rain_fade", 25.0), ("tv_failed", 15.0))
    assert whole.available == pytest.approx(0.9)


def test_what_was_not_counted_yet_is_not_part_of_the_whole() -> None:
    assert together([DistrictCount(), count(schools=4)]).schools == 4
    assert together([DistrictCount()]).at is None
    assert together([]).available is None


def test_before_the_first_bell_nothing_is_said_of_class() -> None:
    assert count(class_min=0.0).available is None


def test_a_district_is_called_by_its_name_in_the_readers_language_or_by_its_code() -> None:
    named = District("a-1", "เขต 1", "Area 1", "จังหวัด", "Province")
    assert [named.name("th"), named.name("en"), named.province("en")] == ["เขต 1", "Area 1", "Province"]
    assert District("a-1", "เขต 1").name("en") == "เขต 1"
    assert [District("a-1").name("th"), District("a-1").province("th")] == ["a-1", ""]
