"""Which repair is that of a device."""

from typing import Any

import pytest
from sqlalchemy import insert

from hub.core.equipment import DeviceKey, NodeKey
from hub.repairs.repair import Repair, Spot
from hub.store.repairs import RepairRows
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request

SPOT = Spot(DeviceKey(NodeKey("cpm3", "30010012"), "p1-tv"))


def add(store: Store, number: str, **where: Any) -> None:
    row = {"number": number, "type": "repair", "state": "reported", "is_open": True, "opened_by": "person:1"}
    times = {"opened_name": "", "opened_at": 1, "entered_at": 1, "values": {}, "spent": {}, "worked": 0}
    with store.begin() as work:
        work.connection.execute(insert(request).values(**row, **times, reminded=[], version=1, **where))
        RepairRows(work.connection).add(Repair(number, f"token-{number}", spot=SPOT))


def found(store: Store) -> str | None:
    with store.reading() as connection:
        repair = RepairRows(connection).open_at(SPOT, "30010012")
    return None if repair is None else repair.number


@pytest.mark.parametrize(
    "where", [{"group": "cpm3", "school": "30010027"}, {"group": "cmi3", "school": "30010012"}, {}]
)
def test_a_repair_that_another_school_asked_for_is_not_that_of_the_device_it_names(
    store: Store, where: dict[str, str]
) -> None:
    add(store, "RP-1", **where)
    assert found(store) is None
    add(store, "RP-2", group="cpm3", school="30010012")
    assert found(store) == "RP-2"
