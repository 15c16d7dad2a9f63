"""Who goes, by area and load; who pays, by the register."""

import pytest

from hub.core.assets import Standing
from hub.repairs.suggesting import Job, Technician, branch_by, suggested

ANNA, BOON = Technician("person:1", "Anna"), Technician("person:2", "Boon")
POSITIONS = {"A": (15.80, 102.00), "B": (15.85, 102.02), "FAR": (16.90, 103.40)}


def who(*jobs: Job, people: tuple[Technician, ...] = (ANNA, BOON)) -> tuple[str, list[str]] | None:
    found = suggested(people, jobs, "cpm3", "A", POSITIONS)
    return None if found is None else (found.name, [each.code for each in found.reasons])


def test_whoever_has_least_to_do_goes() -> None:
    assert who(Job("person:1", "cpm3", "FAR")) == ("Boon", ["suggest.load"])


def test_whoever_goes_to_this_school_already_goes_before_one_who_is_nearby() -> None:
    assert who(Job("person:2", "cpm3", "B")) == ("Boon", ["suggest.near", "suggest.load"])
    found = who(Job("person:2", "cpm3", "B"), Job("person:1", "cpm3", "A"))
    assert found == ("Anna", ["suggest.here", "suggest.load"])


def test_nobody_is_buried_in_work_because_they_are_near() -> None:
    assert who(*[Job("person:1", "cpm3", "A")] * 5) == ("Boon", ["suggest.load"])


def test_only_those_of_the_district_are_asked() -> None:
    elsewhere = Technician("person:3", "Chai", frozenset({"nan1"}))
    assert who(people=(elsewhere,)) is None
    assert who(people=(elsewhere, BOON)) == ("Boon", ["suggest.load"])


@pytest.mark.parametrize(
    ("standing", "branch"),
    [
        (Standing.RENTED, "rented"),
        (Standing.IN_WARRANTY, "in_warranty"),
        (Standing.OUT_OF_WARRANTY, "own"),
        (Standing.UNKNOWN, None),
        (None, None),
    ],
)
def test_the_branch_is_the_register_s(standing: Standing | None, branch: str | None) -> None:
    assert branch_by(standing) == branch
