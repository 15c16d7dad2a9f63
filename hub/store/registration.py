"""Which equipment is registered: what the inventory names, and what somebody adopted. The rest is new equipment.

A group of which nothing is registered has no register at all: nothing of it is called new.
"""

from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.equipment import HOST, DeviceKey
from hub.store.inventory import Inventory
from hub.store.tables import device, node, registered
from hub.store.unit_of_work import Store

_MANY = 500
_FACTS = ("kind", "profile", "room", "dish")


class Registration:
    """Equipment adopted by people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def adopt(self, key: DeviceKey, now: int) -> bool:
        """Register a device that has reported. False where there is none such; adopting twice changes nothing."""
        with self._store.begin() as work:
            known = select(device.c.id).join_from(device, node).where(*_is_device(key))
            if key.device == HOST or work.connection.execute(known).first() is None:
                return False
            if work.connection.execute(select(registered.c.device).where(*_is_row(key))).first() is None:
                work.connection.execute(insert(registered).values(**_row(key), adopted_at=now))
        return True


def register_devices(store: Store, inventory: Inventory) -> None:
    """The register as the inventory has it now: what it names no more is new again, what was adopted stays."""
    of_group = registered.c.group == inventory.district.code
    with store.begin() as work:
        work.connection.execute(delete(registered).where(of_group, registered.c.adopted_at.is_(None)))
        work.connection.execute(update(registered).where(of_group).values(dict.fromkeys(_FACTS)))
        dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(registered)
        statement = statement.on_conflict_do_update(
            index_elements=[registered.c.group, registered.c.node, registered.c.device],
            set_={name: statement.excluded[name] for name in _FACTS},
        )
        rows = [{**_row(key), **{name: told.get(name) for name in _FACTS}} for key, told in inventory.register.items()]
        for at in range(0, len(rows), _MANY):
            work.connection.execute(statement, rows[at : at + _MANY])


def is_unregistered() -> ColumnElement[bool]:
    """Of a row of `device` joined with `node`."""
    others = registered.alias("of_its_group")
    has_register = exists(select(others.c.group).where(others.c.group == node.c.group))
    is_there = exists(
        select(registered.c.group).where(
            registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
        )
    )
    return (device.c.key != HOST) & has_register & ~is_there


def _row(key: DeviceKey) -> dict[str, str]:
    return {"group": key.node.group, "node": key.node.name, "device": key.device}


def _is_row(key: DeviceKey) -> tuple[Any, ...]:
    return tuple(registered.c[name] == value for name, value in _row(key).items())


def _is_device(key: DeviceKey) -> tuple[Any, ...]:
    return node.c.group == key.node.group, node.c.name == key.node.name, device.c.key == key.device
