"""Rounds of allocation as their pages read them, and who may see one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hub.allocation.lines import Line
from hub.allocation.rounds import Round, RoundView, year_of
from hub.core.assets import Asset
from hub.core.needs import Need
from hub.core.people import Permission, Principal
from hub.office.planning import Plan, Surroundings
from hub.store.allocation import AllocationRows
from hub.store.assets import AssetRows
from hub.store.kept_needs import KeptNeeds
from hub.store.needs import Weighing
from hub.store.request_views import RequestLook
from hub.store.unit_of_work import Store, UnitOfWork
from hub.workflows.request import Request
from hub.workflows.sight import Asked

ALLOCATION = "allocation"
PLANNING = frozenset({"planning"})
CARRYING = frozenset({"coordinating", "carrying_out"})
_MOST = 100


class Rounds:
    """Each call is one short look."""

    def __init__(self, store: Store, around: Surroundings, kept: KeptNeeds) -> None:
        self._store, self._around, self._look, self._kept = store, around, RequestLook(store), kept

    def all(self, who: Principal, weighing: Weighing) -> Sequence[RoundView]:
        """The newest first."""
        requests = self._look.some(who, Asked(ALLOCATION, is_open=None), weighing.now, _MOST)
        with self._store.reading() as connection:
            rows, work = AllocationRows(connection), UnitOfWork(connection)
            seen = [each for each in requests if may_see(rows, each.number, who)]
            return [self._plain(work, each, rows.lines(each.number), weighing) for each in seen]

    def one(self, number: str, who: Principal, weighing: Weighing) -> RoundView | None:
        """With all that its page shows."""
        found = self._look.one(number)
        if found is None or found[0].type != ALLOCATION:
            return None
        names = {_place(place): name for place, name in self._look.school_names().items()}
        with self._store.reading() as connection:
            rows, work = AllocationRows(connection), UnitOfWork(connection)
            if not may_see(rows, number, who):
                return None
            lines, known = rows.lines(number), rows.round(number)
            asked = replace(weighing, groups=_groups(known, weighing))
            view, plan = self._plain(work, found[0], lines, asked), plan_of(work, found[0], asked, self._around)
            places = sorted({(line.group, line.school) for line in lines})
            return replace(
                view,
                groups=asked.groups if asked.groups is None else tuple(asked.groups),
                names=names,
                assets=_assets(AssetRows(connection), lines),
                judged=plan.judged(places),
                left=_left(known, self._kept.all(connection, asked)) if view.may_plan and known else (),
                history=rows.history(number),
                removed=rows.removed(number),
                idle=plan.idle_assets(lines) if view.may_plan else (),
            )

    def _plain(self, work: UnitOfWork, request: Request, lines: Sequence[Line], weighing: Weighing) -> RoundView:
        plan = plan_of(work, request, weighing, self._around)
        return RoundView(
            number=request.number,
            title=str(request.values.get("title", request.number)),
            state=request.state,
            fiscal_year=year_of(request.values, datetime.fromtimestamp(request.opened_at / 1000, weighing.zone).date()),
            budget_satang=plan.budget,
            lines=tuple(lines),
            may_plan=request.state in PLANNING,
            may_carry=request.state in CARRYING,
            rules=plan.rules,
        )


def plan_of(work: UnitOfWork, request: Request, weighing: Weighing, around: Surroundings) -> Plan:
    """For the districts of its round."""
    known = AllocationRows(work.connection).round(request.number)
    return Plan(work, request, replace(weighing, groups=_groups(known, weighing)), around)


def _groups(known: Round | None, weighing: Weighing) -> Collection[str] | None:
    """Those of the round; of one that is limited to none, those of whoever asks."""
    return weighing.groups if known is None or known.groups is None else known.groups


def may_see(rows: AllocationRows, number: str, who: Principal) -> bool:
    """Whoever is limited to some districts sees no round that gives to others."""
    if not who.may(Permission.SEE_ASSETS):
        return False
    if who.groups is None:
        return True
    known = rows.round(number)
    given = {line.group for line in rows.lines(number)}
    if known is not None:
        # One that is limited to no district gives to any that the hub serves.
        given |= set(rows.districts() if known.groups is None else known.groups)
    return given <= who.groups


def _assets(rows: AssetRows, lines: Iterable[Line]) -> Mapping[int, Asset]:
    wanted = {each for line in lines for each in (line.asset, line.giver) if each is not None}
    return rows.many(sorted(wanted))


def _left(known: Round, all_of_them: Iterable[Need]) -> tuple[tuple[Need, str], ...]:
    needs = {need.key: need for need in all_of_them}
    return tuple((needs[key], why) for key, why in known.left if key in needs)


def _place(value: str) -> tuple[str, str]:
    group, _, school = value.partition("/")
    return group, school
