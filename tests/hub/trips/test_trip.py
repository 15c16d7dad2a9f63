"""How long a trip takes, and which trips are proposed."""

import pytest
from pydantic import ValidationError

from hub.trips.places import Spot
from hub.trips.proposing import proposed
from hub.trips.settings import TripSettings
from hub.trips.trip import Job, Stop, estimated, stops_of

OFFICE = TripSettings(latitude=15.8, longitude=102.0, road_factor=1.5, speed_kmh=60)
NOWHERE = TripSettings()
NEAR = {f"cpm3/{name}": Spot(15.8, 102.0 + 0.05 * at) for at, name in enumerate("abcdefgh", start=1)}


def jobs(*schools: str, weight: float = 0) -> list[Job]:
    return [Job(f"RP-{number}", f"cpm3/{school}", weight) for number, school in enumerate(schools, start=1)]


def test_the_way_is_there_and_back_on_the_road() -> None:
    told = estimated([(Spot(16.8, 102.0), 2)], OFFICE)
    assert [leg.km for leg in told.legs] == [166.8, 166.8]
    assert (told.km, told.drive_minutes, told.work_minutes) == (333.6, 334, 75)


def test_a_place_that_is_not_known_adds_work_but_no_way() -> None:
    told = estimated([(None, 1), (Spot(15.9, 102.0), 1)], OFFICE)
    assert (told.legs[0].km, told.unknown, told.work_minutes) == (None, 1, 90)
    assert told.km == told.legs[-1].km


def test_without_an_office_there_is_no_way_back() -> None:
    assert [leg.km for leg in estimated([(Spot(15, 102), 1), (Spot(16, 102), 1)], NOWHERE).legs] == [None, 150.1]


def test_the_urgent_repairs_of_a_school_come_first() -> None:
    there = [Job("RP-1", "s", 1), Job("RP-2", "s", 9), Job("RP-3", "t", 5)]
    assert stops_of(there, ("t", "s")) == (Stop("t", ("RP-3",)), Stop("s", ("RP-2", "RP-1")))


def test_schools_near_each_other_go_into_one_trip() -> None:
    spots = {"cpm3/a": Spot(15.81, 102.0), "cpm3/b": Spot(15.83, 102.0), "cpm3/far": Spot(17.0, 102.0)}
    trips = proposed(jobs("a", "far", "b"), spots, OFFICE)
    assert [[stop.school for stop in trip.stops] for trip in trips] == [["cpm3/a", "cpm3/b"], ["cpm3/far"]]


def test_a_trip_begins_with_what_is_most_urgent() -> None:
    spots = {"cpm3/a": Spot(15.81, 102.0), "cpm3/far": Spot(17.0, 102.0)}
    trips = proposed([*jobs("a"), Job("RP-9", "cpm3/far", 50)], spots, OFFICE)
    assert trips[0].stops == (Stop("cpm3/far", ("RP-9",)),)


def test_no_more_schools_than_a_day_takes() -> None:
    trips = proposed(jobs(*"abcdefgh"), NEAR, TripSettings(latitude=15.8, longitude=102.0, hours_a_day=4))
    assert len(trips) > 1
    assert all(trip.estimate.minutes <= 240 for trip in trips)
    assert sorted(number for trip in trips for stop in trip.stops for number in stop.jobs) == [
        f"RP-{number}" for number in range(1, 9)
    ]


def test_a_school_without_a_place_goes_by_itself() -> None:
    trips = proposed(jobs("a", "lost"), NEAR, OFFICE)
    assert [[stop.school for stop in trip.stops] for trip in trips] == [["cpm3/a"], ["cpm3/lost"]]


def test_half_a_place_of_the_office_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="belong together"):
        TripSettings(latitude=15.8)
