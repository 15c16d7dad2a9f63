"""What the pages show beside a repair, and the open repairs by urgency."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.core.assets import Asset, Standing
from hub.office.repair_steps import signs_of
from hub.repairs.beside import Beside
from hub.repairs.priority import Circumstances, Priority, weighed
from hub.repairs.suggesting import Suggested, branch_by, suggested
from hub.repairs.verifying import verified
from hub.store.assets import AssetRows
from hub.store.repair_circumstances import Lost, RepairFacts, School
from hub.store.repairs import RepairRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.workflows.request import Request

_NOBODY_YET = frozenset({"reported", "inspecting"})


class RepairLook:
    """Reads for the pages. Each call is one short transaction."""

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store, self._zone = store, zone

    def beside(self, request: Request, now: int) -> Beside | None:
        """None: it is no repair of ours."""
        with self._store.reading() as connection:
            work, facts = UnitOfWork(connection), RepairFacts(connection)
            repair = RepairRows(connection).get(request.number)
            if repair is None:
                return None
            asset = AssetRows(connection).get(repair.asset) if repair.asset is not None else None
            urgency = self._weighed(facts, [request.number], now)[request.number]
            who = _who(facts, request) if request.is_open and "technician" not in request.values else None
            signs = signs_of(work, repair)
        standing = None if asset is None else asset.standing(self._day(now))
        return Beside(
            token=repair.token,
            priority=urgency,
            verified=verified(signs),
            ticket=repair.ticket,
            told=repair.verdict,
            checked_at=repair.checked_at,
            asset=asset,
            standing=standing,
            technician=who if request.state in _NOBODY_YET else None,
            suggests=_suggests(asset, standing, urgency, who),
        )

    def urgencies(self, numbers: Sequence[str], now: int) -> Mapping[str, Priority]:
        """Of repairs by their numbers."""
        with self._store.reading() as connection:
            return self._weighed(RepairFacts(connection), numbers, now)

    def _weighed(self, facts: RepairFacts, numbers: Sequence[str], now: int) -> dict[str, Priority]:
        rows = facts.rows(numbers)
        schools = {(row.group, row.school) for row in rows if row.group and row.school}
        pupils, rooms = facts.pupils(schools), facts.rooms(schools)
        began = [self._day(row.onset_at or row.opened_at) for row in rows]
        lost = facts.lost(schools, min(began)) if began else {}
        return {
            row.number: weighed(self._circumstances(row, pupils, rooms.get((row.group, row.school), {}), lost, now))
            for row in rows
        }

    def _circumstances(
        self,
        row: Any,
        pupils: Mapping[School, int | None],
        rooms: Mapping[tuple[str, str, str], str],
        lost: Lost,
        now: int,
    ) -> Circumstances:
        touched = _touched(row, rooms)
        began = self._day(row.onset_at or row.opened_at)
        values = row._mapping["values"]
        return Circumstances(
            pupils=pupils.get((row.group, row.school)),
            rooms=len(set(rooms.values())),
            touched=len(touched),
            lost_min=_lost(row, touched, began, lost),
            days=(self._day(now) - began).days,
            reports=row.reports,
            recovered=row.recovered_at is not None,
            said=values.get("urgency"),
            why=str(values.get("urgency_why", "")),
        )

    def _day(self, moment: int) -> date:
        return datetime.fromtimestamp(moment / 1000, self._zone).date()


def _suggests(
    asset: Asset | None, standing: Standing | None, urgency: Priority, who: Suggested | None
) -> Mapping[str, str]:
    """Values for fields that nobody has filled."""
    values = {
        "technician": who.who if who else None,
        "branch": branch_by(standing),
        "vendor": asset.vendor if asset else None,
        "urgency": urgency.urgency.value,
    }
    return {name: value for name, value in values.items() if value}


def _touched(row: Any, rooms: Mapping[tuple[str, str, str], str]) -> set[str]:
    """The rooms that a fault is in: that of the device, or those of the receivers on the dish."""
    if row.dish:
        return {room for (node, _, dish), room in rooms.items() if (node, dish) == (row.node, row.dish)}
    return {room for (node, device, _), room in rooms.items() if device and (node, device) == (row.node, row.device)}


def _lost(row: Any, touched: set[str], began: date, lost: Lost) -> float:
    """By the cause of its ticket; by any where people alone have seen it."""
    since = began.isoformat()
    return math.fsum(
        minutes
        for room in touched
        for day, cause, minutes in lost.get((row.group, row.school, room), ())
        if day >= since and row.cause in (None, cause)
    )


def _who(facts: RepairFacts, request: Request) -> Suggested | None:
    group = request.group or ""
    return suggested(facts.technicians(), facts.jobs(), group, request.school or "", facts.positions(group))
