"""What follows in the office from what was judged is the same whoever judges."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.config import HubSettings
from hub.core.live import Changes
from hub.judging import make_calendars
from hub.office import following
from hub.office.allocating import planned_with
from hub.office.repair_steps import RepairSteps
from hub.office.supply import supply_hooks
from hub.requesting import Hook, make_engine
from hub.store.engine import open_engine, upgrade
from hub.store.unit_of_work import Store
from hub.supply.places import Offices
from hub.workflows.loading import hooks_of
from tests.stores import database

ZONE = ZoneInfo("Asia/Bangkok")
PERSON = {"address": "somchai@school.example"}
MAIL = {"smtp": "smtp://mail.example", "from": "hub@school.example", "people": [PERSON]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


def others(settings: HubSettings) -> Mapping[str, Hook]:
    planned = planned_with(settings, make_calendars(settings, None), ZONE, lambda: 0)
    return {**supply_hooks(Offices(settings.groups)), **planned.hooks}


def test_hooks_that_are_there_from_the_start_are_those_that_nobody_else_follows() -> None:
    own = set(RepairSteps(ZONE).hooks)
    assert own & set(others(HubSettings())) == following._SHARED


def test_each_hook_of_a_workflow_is_followed(store: Store) -> None:
    engine = make_engine(HubSettings().office, ZONE)
    asked = hooks_of(each for each in engine.definitions.values() if each.offered)
    assert asked <= {*RepairSteps(ZONE).hooks, *others(HubSettings())}
    published: list[Changes] = []
    following.keeping_up(store, HubSettings(), None, zone=ZONE, clock=lambda: 0, publish=published.append)


def test_those_who_asked_for_letters_are_told_of_incidents_where_a_server_takes_them() -> None:
    with_server = HubSettings.model_validate({"notices": MAIL})
    assert [each.address for each in with_server.notices.readers] == ["somchai@school.example"]
    without = HubSettings.model_validate({"notices": {"people": [PERSON]}})
    assert without.notices.readers == ()
    assert following.the_office(HubSettings().messages).after_ms == 600_000
