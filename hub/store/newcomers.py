"""What the agents of a school hear, to be told whether something that was sent there has come to work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from hub.store.allocation_tables import allocation_entry
from hub.store.kept_reports import first_told
from hub.store.tables import device, node, registered

_SERIAL = "serial_number"
SEEN = "line.seen"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A device that an agent hears now.

    serial     as it tells it; empty: it tells none
    first_at   when it was heard first
    """

    group: str
    school: str
    node: str
    device: str
    kind: str
    profile: str
    room: str
    serial: str
    first_at: int | None


def heard_at(connection: Connection, places: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], list[Newcomer]]:
    """By (group, school): devices that answer, in the order of agent and key."""
    found: dict[tuple[str, str], list[Newcomer]] = {}
    for group, school in sorted(set(places)):
        found[group, school] = [_newcomer(row) for row in connection.execute(_devices(group, school))]
    return found


def confirmed(connection: Connection) -> frozenset[tuple[str, str, str, str]]:
    """Devices by which a line was confirmed already: (group, node, device, serial)."""
    rows = select(allocation_entry.c.params).where(allocation_entry.c.code == SEEN)
    told = connection.execute(rows).scalars()
    return frozenset((each["group"], each["node"], each["device"], each["serial"]) for each in told if "node" in each)


def _devices(group: str, school: str) -> Any:
    of_register = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    told = (device.c.key, device.c.kind, device.c.profile, device.c.properties, node.c.group, node.c.school)
    room = func.coalesce(registered.c.room, device.c.room)
    rows = select(*told, node.c.name, room.label("room"), first_told().label("first_at"))
    rows = rows.select_from(device.join(node).outerjoin(registered, of_register))
    there = node.c.online & node.c.unseen_since.is_(None) & ~device.c.stale
    here = (node.c.group == group) & (node.c.school == school) & there & (device.c.key != "")
    return rows.where(here).order_by(node.c.name, device.c.key)


def _newcomer(row: Any) -> Newcomer:
    return Newcomer(
        group=row.group,
        school=row.school,
        node=row.name,
        device=row.key,
        kind=row.kind,
        profile=row.profile or "",
        room=row.room or "",
        serial=str(row.properties.get(_SERIAL) or ""),
        first_at=row.first_at,
    )
