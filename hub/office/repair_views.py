"""What the pages show beside a repair, and the open repairs by urgency."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hub.core.assets import Asset, Standing
from hub.office.repair_steps import signs_of
from hub.repairs.beside import Beside
from hub.repairs.priority import Circumstances, Priority, weighed
from hub.repairs.suggesting import Suggested, branch_by, suggested
from hub.repairs.verifying import verified
from hub.store.assets import AssetRows
from hub.store.repair_circumstances import Facts, Lost, RepairFacts, Rooms
from hub.store.repairs import RepairRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.workflows.request import Request

_NOBODY_YET = frozenset({"reported", "inspecting"})
_NO_ROOMS = Rooms()


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
        today, began = self._day(now), [self._day(row.onset_at or row.opened_at) for row in rows]
        lost = facts.lost(schools, min(began)) if began else {}
        told = {}
        for row, since in zip(rows, began, strict=True):
            school = (row.group or "", row.school or "")
            here = rooms.get(school, _NO_ROOMS)
            touched = _touched(row, here)
            told[row.number] = weighed(
                Circumstances(
                    pupils=pupils.get(school),
                    rooms=len(here.every),
                    touched=len(touched),
                    lost_min=_lost(row, touched, since, lost),
                    days=(today - since).days,
                    reports=row.reports,
                    recovered=row.recovered_at is not None,
                    said=row.said.get("urgency"),
                    why=str(row.said.get("urgency_why", "")),
                )
            )
        return told

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


def _touched(row: Facts, rooms: Rooms) -> Collection[str]:
    """The rooms that a fault is in: that of the device, or those of the receivers on the dish."""
    if row.node is None:
        return ()
    if row.dish:
        return rooms.of_dish.get((row.node, row.dish), ())
    return rooms.of_device.get((row.node, row.device), ()) if row.device else ()


def _lost(row: Facts, touched: Collection[str], began: date, lost: Lost) -> float:
    """By the cause of its ticket; by any where people alone have seen it."""
    since = began.isoformat()
    return math.fsum(
        minutes
        for room in touched
        for day, cause, minutes in lost.get((row.group or "", row.school or "", room), ())
        if day >= since and row.cause in (None, cause)
    )


def _who(facts: RepairFacts, request: Request) -> Suggested | None:
    group = request.group or ""
    return suggested(facts.technicians(), facts.jobs(), group, request.school or "", facts.positions(group))
