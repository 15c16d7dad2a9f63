"""What the hub knows of the schools of a district before a survey: register, assets, telemetry, tickets, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from sqlalchemy import Connection, and_, func, select

from hub.core.assets import Asset, AssetState
from hub.core.class_time import ClassTime
from hub.store.asset_tables import asset, asset_component
from hub.store.assets import AssetRows
from hub.store.tables import device, node, registered, room_day, room_day_lost, school, ticket
from hub.surveys.knowing import Known, Piece, Room, Shape

_POWER = "school_power_outage"
_WEEK_DAYS = 5
_DAY_MS = 86_400_000
_Node = tuple[str, str]
"""School and name of an agent."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Over which days (both included) and moments (ms) the use of rooms is looked at, and what counts as class."""

    group: str
    first: date
    last: date
    start: int
    end: int
    bells: ClassTime


@dataclass(frozen=True, slots=True)
class _Device:
    school: str
    node: str
    key: str
    kind: str
    room: str | None
    model: str
    latest: Mapping[str, Any]


@dataclass(slots=True)
class _Found:
    """What the queries gave, by school."""

    devices: dict[str, list[_Device]]
    assets: dict[str, list[Asset]]
    parts: dict[int, list[str]]
    troubles: dict[tuple[str, str, str], tuple[str, ...]]
    dishes: dict[tuple[str, str], tuple[str, ...]]
    used: dict[tuple[str, str], float]
    lost: dict[tuple[str, str], dict[str, float]]
    since: dict[tuple[str, str], date]


def known_schools(connection: Connection, looked: Looked, codes: Iterable[str]) -> tuple[Known, ...]:
    """Those of the register, in order of their codes."""
    wanted = set(codes)
    rows = select(school.c.code, school.c.name, school.c.pupils).where(school.c.group == looked.group)
    found = _found(connection, looked)
    schools = connection.execute(rows.order_by(school.c.code))
    return tuple(_known(row.code, row.name, row.pupils, looked, found) for row in schools if row.code in wanted)


def _found(connection: Connection, looked: Looked) -> _Found:
    devices, assets = defaultdict(list), defaultdict(list)
    for each in _devices(connection, looked.group):
        devices[each.school].append(each)
    for one in AssetRows(connection).all([looked.group]):
        if one.is_there:
            assets[one.school].append(one)
    troubles, dishes = _troubles(connection, looked.group)
    used, lost = _lessons(connection, looked)
    since = _since(connection, looked.group)
    return _Found(devices, assets, _parts(connection, looked.group), troubles, dishes, used, lost, since)


def _known(code: str, name: str, pupils: int | None, looked: Looked, found: _Found) -> Known:
    devices = found.devices.get(code, [])
    names = {each.room for each in devices if each.kind == "receiver" and each.room}
    names |= {room for place, room in (*found.used, *found.lost) if place == code}
    rooms = tuple(_room(code, each, found, looked) for each in sorted(names))
    received = [room.received for room in rooms if room.received is not None]
    return Known(
        looked.group,
        code,
        name,
        pupils,
        rooms,
        _pieces(code, devices, found),
        fmean(received) if received else None,
        _powerless(code, sorted(names), found, looked),
        _mean(devices, "signal/cnr_db"),
        _internet(devices),
    )


def _room(code: str, name: str, found: _Found, looked: Looked) -> Room:
    """Since it is known; one that was connected last week has not stood idle for a term."""
    minutes, weeks = _class_of(code, name, found, looked)
    hours = found.used.get((code, name), 0.0) / 60 / weeks if weeks else 0.0
    lost = sum(found.lost.get((code, name), {}).values())
    return Room(name, hours, max(0.0, 1 - lost / minutes) if minutes else None)


def _powerless(code: str, rooms: Sequence[str], found: _Found, looked: Looked) -> float | None:
    """The share of class without power, in the room that had the least of it."""
    shares = []
    for name in rooms:
        minutes, _ = _class_of(code, name, found, looked)
        if minutes:
            shares.append(min(1.0, found.lost.get((code, name), {}).get(_POWER, 0.0) / minutes))
    return max(shares, default=None)


def _class_of(code: str, room: str, found: _Found, looked: Looked) -> tuple[float, float]:
    """Minutes of class, and weeks of five class days, that a room can have been used; none where nothing is known of it."""
    since = found.since.get((code, room))
    if since is None:
        return 0.0, 0.0
    first = max(since, looked.first)
    start = max(looked.start, looked.end - ((looked.last - first).days + 1) * _DAY_MS)
    return looked.bells.minutes(code, start, looked.end), looked.bells.days(code, first, looked.last) / _WEEK_DAYS


def _pieces(code: str, devices: Sequence[_Device], found: _Found) -> tuple[Piece, ...]:
    """Assets first; what reports and is no asset yet stands for itself."""
    assets = found.assets.get(code, [])
    held = {(each.node_name, each.device) for each in assets if each.device is not None}
    pieces = [_of_asset(each, found) for each in assets]
    fitted = [Piece(kind) for each in assets for kind in found.parts.get(each.id, ())]
    unregistered = [each for each in devices if each.key and (each.node, each.key) not in held]
    return (*pieces, *fitted, *(_of_device(each, found) for each in unregistered))


def _of_asset(one: Asset, found: _Found) -> Piece:
    troubles: tuple[str, ...] = ()
    if one.device is not None:
        troubles = found.troubles.get((one.school, one.node_name, one.device), ())
    elif one.kind == "dish":
        troubles = found.dishes.get((one.school, one.dish), ())
    broken = troubles or one.state is AssetState.IN_REPAIR
    return Piece(
        one.kind,
        Shape.MENDABLE if broken else Shape.WORKS,
        one.model or one.name,
        one.number,
        one.acquired_on,
        one.life_years,
        one.fund,
        one.room or None,
        troubles,
    )


def _of_device(each: _Device, found: _Found) -> Piece:
    troubles = found.troubles.get((each.school, each.node, each.key), ())
    shape = Shape.MENDABLE if troubles else Shape.WORKS
    return Piece(each.kind, shape, each.model, room=each.room, troubles=troubles)


def _devices(connection: Connection, group: str) -> Iterable[_Device]:
    of_register = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    room = func.coalesce(registered.c.room, device.c.room)
    columns = (node.c.school, node.c.name, device.c.key, device.c.kind, room, device.c.properties, device.c.latest)
    rows = select(*columns).select_from(device).join(node).outerjoin(registered, of_register)
    for row in connection.execute(rows.where(node.c.group == group).order_by(device.c.id)):
        model = row[5].get("model")
        yield _Device(row[0], row[1], row[2], row[3], row[4], model if isinstance(model, str) else "", row[6])


def _parts(connection: Connection, group: str) -> dict[int, list[str]]:
    """Kinds of what is fitted, by asset."""
    rows = select(asset_component.c.asset_id, asset_component.c.kind).join(asset)
    found = defaultdict(list)
    for row in connection.execute(rows.where(asset.c.group == group, asset_component.c.removed_on.is_(None))):
        found[row[0]].append(row[1])
    return found


def _troubles(
    connection: Connection, group: str
) -> tuple[dict[tuple[str, str, str], tuple[str, ...]], dict[tuple[str, str], tuple[str, ...]]]:
    """Causes of open tickets, by device and by dish."""
    rows = select(node.c.school, node.c.name, ticket.c.device, ticket.c.dish, ticket.c.cause).join(
        node, node.c.id == ticket.c.node_id
    )
    open_ones = rows.where(node.c.group == group, ticket.c.open, ticket.c.recovered_at.is_(None)).order_by(ticket.c.id)
    devices: dict[tuple[str, str, str], tuple[str, ...]] = {}
    dishes: dict[tuple[str, str], tuple[str, ...]] = {}
    for place, name, key, dish, cause in connection.execute(open_ones):
        if dish:
            dishes[place, dish] = (*dishes.get((place, dish), ()), cause)
        else:
            devices[place, name, key] = (*devices.get((place, name, key), ()), cause)
    return devices, dishes


def _lessons(
    connection: Connection, looked: Looked
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], dict[str, float]]]:
    """Minutes by school and room: those used, and those lost by cause."""
    first, last = looked.first.isoformat(), looked.last.isoformat()
    day, gone = room_day.c, room_day_lost.c
    rows = select(day.school, day.room, func.sum(day.used)).where(day.group == looked.group)
    used = {
        (row[0], row[1]): row[2]
        for row in connection.execute(rows.where(day.date.between(first, last)).group_by(day.school, day.room))
    }
    lost: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    rows = select(gone.school, gone.room, gone.cause, func.sum(gone.minutes)).where(gone.group == looked.group)
    for row in connection.execute(
        rows.where(gone.date.between(first, last)).group_by(gone.school, gone.room, gone.cause)
    ):
        lost[row[0], row[1]][row[2]] = row[3]
    return used, dict(lost)


def _since(connection: Connection, group: str) -> dict[tuple[str, str], date]:
    """The first day that anything was told of a room."""
    day = room_day.c
    rows = select(day.school, day.room, func.min(day.date)).where(day.group == group).group_by(day.school, day.room)
    return {(row[0], row[1]): date.fromisoformat(row[2]) for row in connection.execute(rows)}


def _mean(devices: Sequence[_Device], metric: str) -> float | None:
    said = [each.latest[metric][0] for each in devices if metric in each.latest]
    numbers = [each for each in said if isinstance(each, int | float) and not isinstance(each, bool)]
    return fmean(numbers) if numbers else None


def _internet(devices: Sequence[_Device]) -> bool | None:
    said = [each.latest["net/internet"][0] for each in devices if "net/internet" in each.latest]
    known = [each for each in said if isinstance(each, bool)]
    return any(known) if known else None
