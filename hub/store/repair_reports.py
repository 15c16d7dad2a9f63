"""Repairs for reports: what was wrong with what, which way it went, what it cost, and how many lesson minutes it saved."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, select

from hub.core.money import satang_from
from hub.reports.facts import RepairFact, RequestFact
from hub.store.asset_tables import asset
from hub.store.repair_tables import repair
from hub.store.reports import Asked, Losses, losses
from hub.store.tables import device, node, registered, ticket
from hub.store.workflow_tables import request, request_entry

REPAIR = "repair"
_LOOKS_BACK = timedelta(days=60)
_VENDOR, _BOUGHT, _BEYOND = "vendor_claim", "awaiting_parts", "irreparable"
_UNKNOWN = "other"
_Node = tuple[str, str]
_Spot = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands where: kind and room of each device, by node and key; rooms by node and by dish; kinds of assets."""

    devices: Mapping[_Spot, tuple[str, str | None]]
    rooms: Mapping[_Node, frozenset[str]]
    dishes: Mapping[_Spot, frozenset[str]]
    assets: Mapping[int, str]
    targets: Mapping[str, frozenset[str]]
    lost: Losses


def repair_facts(
    connection: Connection, asked: Asked, requests: Sequence[tuple[str, RequestFact]], deadline: Callable[[int], int]
) -> tuple[RepairFact, ...]:
    """deadline: when a repair that was opened at a moment would have to be done."""
    wanted = {number: fact for number, fact in requests if fact.type == REPAIR}
    around = _around(connection, asked)
    told = {row.number: row for row in connection.execute(_rows(asked)) if row.number in wanted}
    return tuple(
        _fact(told[number], fact, around, asked, deadline) for number, fact in wanted.items() if number in told
    )


def _rows(asked: Asked) -> Any:
    """Requests of repairs, whether or not they have a row of their own."""
    values = request.c["values"]
    columns = (request.c.number, request.c.opened_at, request.c.state, request.c.school)
    said = (
        values["cost"].as_float().label("cost"),
        values["channel"].as_string().label("channel"),
        values["branch"].as_string().label("branch"),
    )
    of = (repair.c.group, repair.c.node, repair.c.device, repair.c.dish, repair.c.asset_id)
    tick = (ticket.c.cause, ticket.c.onset_at, ticket.c.recovered_at, ticket.c.closed_at)
    joined = request.outerjoin(repair, repair.c.number == request.c.number)
    joined = joined.outerjoin(ticket, ticket.c.id == repair.c.ticket_id)
    rows = select(*columns, *said, *of, *tick).select_from(joined)
    return rows.where(request.c.type == REPAIR, request.c.opened_at < asked.end)


def _around(connection: Connection, asked: Asked) -> _Around:
    devices: dict[_Spot, tuple[str, str | None]] = {}
    rooms: defaultdict[_Node, set[str]] = defaultdict(set)
    dishes: defaultdict[_Spot, set[str]] = defaultdict(set)
    of_register = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    room = func.coalesce(registered.c.room, device.c.room)
    rows = select(node.c.group, node.c.name, device.c.key, device.c.kind, room, registered.c.dish)
    rows = rows.select_from(device).join(node).outerjoin(registered, of_register)
    for group, name, key, kind, where, dish in connection.execute(rows.where(node.c.group.in_(asked.groups))):
        devices[group, name, key] = (kind, where)
        if where:
            rooms[group, name].add(where)
        if where and dish:
            dishes[group, name, dish].add(where)
    return _Around(
        devices,
        {key: frozenset(each) for key, each in rooms.items()},
        {key: frozenset(each) for key, each in dishes.items()},
        _kinds(connection, asked),
        _targets(connection, asked),
        losses(connection, asked, asked.period.first - _LOOKS_BACK),
    )


def _kinds(connection: Connection, asked: Asked) -> Mapping[int, str]:
    rows = select(asset.c.id, asset.c.kind).where(asset.c.group.in_(asked.groups))
    return {row[0]: row[1] for row in connection.execute(rows)}


def _targets(connection: Connection, asked: Asked) -> Mapping[str, frozenset[str]]:
    """Which of the waiting states each repair has been in."""
    rows = select(request.c.number, request_entry.c.target).join(request, request.c.id == request_entry.c.request_id)
    rows = rows.where(request.c.type == REPAIR, request.c.opened_at < asked.end)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, target in connection.execute(rows.where(request_entry.c.target.in_((_VENDOR, _BOUGHT)))):
        found[number].add(target)
    return {number: frozenset(each) for number, each in found.items()}


def _fact(row: Any, fact: RequestFact, around: _Around, asked: Asked, deadline: Callable[[int], int]) -> RepairFact:
    return RepairFact(
        request=fact,
        kind=_kind(row, around),
        cause=row.cause or "",
        route=_route(row, around.targets.get(row.number, frozenset())),
        automatic=row.channel == "automatic",
        cost_satang=satang_from(row.cost) or 0,
        saved_min=_saved(row, around, asked, deadline) if fact.ended_in is not None else 0.0,
    )


def _kind(row: Any, around: _Around) -> str:
    if row.asset_id is not None and row.asset_id in around.assets:
        return around.assets[row.asset_id]
    if row.dish:
        return "dish"
    return around.devices.get((row.group, row.node, row.device), (_UNKNOWN, None))[0]


def _route(row: Any, targets: frozenset[str]) -> str:
    if row.state == _BEYOND:
        return "beyond"
    if _VENDOR in targets or row.branch in ("in_warranty", "rented"):
        return "vendor"
    return "bought" if _BOUGHT in targets else "own"


def _saved(row: Any, around: _Around, asked: Asked, deadline: Callable[[int], int]) -> float:
    """Class between the recovery and the moment at which the limit would have run out, of rooms that lost lessons to it."""
    well = row.recovered_at or row.closed_at
    if row.cause is None or well is None or row.group is None:
        return 0.0
    until = deadline(row.opened_at)
    if until <= well:
        return 0.0
    lost = around.lost.get((row.group, row.school, row.cause), {})
    first, last = asked.day(row.onset_at).isoformat(), asked.day(well).isoformat()
    touched = [room for room in _rooms(row, around) if _any_between(lost.get(room, ()), first, last)]
    return len(touched) * asked.bells.minutes(row.school, well, until)


def _rooms(row: Any, around: _Around) -> frozenset[str]:
    """That can have lost lessons: the device's, those of its dish, or all of the school's computer."""
    everywhere = around.rooms.get((row.group, row.node), frozenset())
    if row.dish:
        return around.dishes.get((row.group, row.node, row.dish), everywhere)
    if not row.device:
        return everywhere
    room = around.devices.get((row.group, row.node, row.device), (_UNKNOWN, None))[1]
    return frozenset({room}) if room else frozenset()


def _any_between(days: Sequence[str], first: str, last: str) -> bool:
    at = bisect_left(days, first)
    return at < len(days) and days[at] <= last
