"""A district that plans, with what it needs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.hub.office.planned import OLD, District, planned


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with planned(tmp_path) as made:
        yield made


@pytest.fixture
def needy(district: District) -> District:
    district.add(replace(OLD, acquired_on=date(2017, 1, 1)))
    district.hear("p1-tv", "OLD-1")
    district.break_down("p1-tv", 3)
    return district
