"""Rounds of allocation: the port of their pages, and the behaviour at the hooks of their workflow."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from hub.allocation.lines import Line, Stage
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft, RoundView, StageWish
from hub.config import HubSettings
from hub.core.people import Principal
from hub.detection.calendars import Calendars
from hub.judging import class_days
from hub.needs.settings import NeedSettings
from hub.office.carrying_out import CarryingOut
from hub.office.confirming import confirm, confirm_in
from hub.office.ground import Grounds
from hub.office.needing import Needs, needs_hook
from hub.office.planning import Plan, Surroundings
from hub.office.reach import groups_of
from hub.office.rounds import ALLOCATION, CARRYING, PLANNING, Rounds, may_see, plan_of
from hub.requesting import Ahead, Hook, Requests
from hub.sheets.writing import Value, write_workbook
from hub.store.allocation import AllocationRows
from hub.store.kept_needs import KeptNeeds
from hub.store.needs import NeedRows, Weighing
from hub.store.request_views import Around
from hub.store.requests import RequestRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import Offices
from hub.workflows.engine import Scene, Wish
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Request, Step

PURCHASE = "purchase_request"
_LOOK_MS = 60_000


@dataclass(frozen=True, slots=True)
class Means:
    """What rounds are planned with. hooks and pages: what there is of them"""

    settings: NeedSettings
    around: Surroundings
    zone: ZoneInfo
    clock: Callable[[], int]
    kept: KeptNeeds = field(default_factory=KeptNeeds)
    grounds: Grounds = field(default_factory=Grounds)

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {**RoundHooks(self).hooks, "open_need": needs_hook}

    @property
    def ahead(self) -> Mapping[str, Ahead]:
        """By the hook that it is for."""
        return {"fill_plan": RoundHooks(self).look_ahead}

    def pages(self, store: Store, requests: Requests) -> tuple[Needs, "Allocation"]:
        return Needs(store, self.settings, self.zone, self.clock, self.kept), Allocation(store, requests, self)

    def weighing(self, groups: Collection[str] | None, now: int | None = None) -> Weighing:
        return Weighing(self.settings, self.clock() if now is None else now, self.zone, groups)


def planned_with(settings: HubSettings, calendars: Calendars, zone: ZoneInfo, clock: Callable[[], int]) -> Means:
    """As the office has set it."""
    return Means(
        settings.needs,
        Surroundings(settings.usage, partial(class_days, calendars), Offices(settings.groups)),
        zone,
        clock,
    )


def joined(*parts: Mapping[str, Hook]) -> Mapping[str, Hook]:
    """Hooks by name; where several parts of the office follow the same one, all of them, in this order."""
    found: dict[str, list[Hook]] = {}
    for part in parts:
        for name, hook in part.items():
            found.setdefault(name, []).append(hook)
    return {name: partial(_each, tuple(hooks)) for name, hooks in found.items()}


class RoundHooks:
    """What the hub does at the steps of a round, in their transaction."""

    def __init__(self, means: Means) -> None:
        self._means = means

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {
            "fill_plan": self.fill,
            "check_budget": self.check,
            "reserve_lines": self.reserve,
            "release_lines": self.release,
            "confirm_by_telemetry": self.confirm,
            "close_needs": self.close,
            "unbind_line": self.unbind,
        }

    def fill(self, work: UnitOfWork, step: Step) -> None:
        """A plan is proposed as soon as there is a working group."""
        number = step.request.number
        AllocationRows(work.connection).begin(number, groups_of(work, step.request.opened_by), step.entry.at)
        self._plan(work, step).fill(self._means.grounds.take(number))

    def look_ahead(self, work: UnitOfWork, request: Request, now: int) -> None:
        """Before the transaction in which the plan is filled."""
        weighing = self._means.weighing(groups_of(work, request.opened_by), now)
        self._means.grounds.put(request.number, plan_of(work, request, weighing, self._means.around).look())

    def check(self, work: UnitOfWork, step: Step) -> None:
        """Raises Refused: over budget, or nothing is planned."""
        try:
            self._plan(work, step).check()
        except PlanRefused as refused:
            raise Refused(Refusal.GUARD, [Fault(refused.flaw.value, None, refused.params)]) from None

    def reserve(self, work: UnitOfWork, step: Step) -> None:
        self._carrying(work, step).reserve_all(self._lines(work, step))

    def release(self, work: UnitOfWork, step: Step) -> None:
        self._carrying(work, step).release_all(self._lines(work, step))

    def confirm(self, work: UnitOfWork, step: Step) -> None:
        confirm_in(work, self._means.zone, step.entry.at)

    def close(self, work: UnitOfWork, step: Step) -> None:
        """Needs are met as their lines are accepted; what was opened since for the same assets is met as well."""
        rows = NeedRows(work.connection)
        for line in self._lines(work, step):
            if line.is_done and line.asset is not None:
                rows.close(None, line.asset, line.id, step.entry.at)

    def unbind(self, work: UnitOfWork, step: Step) -> None:
        """A purchase that comes to nothing binds no line any longer."""
        purchase = step.request
        parent = RequestRows(work.connection).read(purchase.parent) if purchase.parent else None
        if parent is None or parent.type != ALLOCATION or parent.state not in CARRYING:
            return
        for line in AllocationRows(work.connection).lines(parent.number):
            if line.order == purchase.number and line.may_take_back:
                self._carrying(work, step).unorder(line, purchase.number)

    def _lines(self, work: UnitOfWork, step: Step) -> Sequence[Line]:
        return AllocationRows(work.connection).lines(step.request.number)

    def _plan(self, work: UnitOfWork, step: Step) -> Plan:
        return plan_of(work, step.request, self._means.weighing(None, step.entry.at), self._means.around)

    def _carrying(self, work: UnitOfWork, step: Step) -> CarryingOut:
        return CarryingOut(work, self._means.zone, step.entry.at, self._means.around.offices)


class Allocation:
    """Fills the port AllocationPages of hub.web.allocation_pages. Raises PlanRefused, and nothing is done."""

    def __init__(self, store: Store, requests: Requests, means: Means) -> None:
        self._store, self._requests, self._means = store, requests, means
        self._rounds, self._looked_at = Rounds(store, means.around, means.kept), 0

    def rounds(self, who: Principal) -> Sequence[RoundView]:
        """The newest first, without what stands in them besides their lines."""
        return self._rounds.all(who, self._means.weighing(who.groups))

    def round(self, number: str, who: Principal) -> RoundView | None:
        return self._rounds.one(number, who, self._means.weighing(who.groups))

    def propose_anew(self, number: str, who: Principal) -> None:
        """In place of what the hub proposed before; what people touched stays."""
        with self._store.reading() as connection:
            ground = self._plan(UnitOfWork(connection), number, who, PLANNING).look()
        with self._store.begin() as work:
            self._plan(work, number, who, PLANNING).fill(ground)

    def add_line(self, number: str, draft: Draft, who: Principal) -> Line:
        with self._store.begin() as work:
            return self._plan(work, number, who, PLANNING).add(draft, who)

    def change_line(self, line_id: int, draft: Draft, who: Principal) -> Line:
        with self._store.begin() as work:
            line = _line(work, line_id)
            return self._plan(work, line.round, who, PLANNING).change(line, draft, who)

    def remove_line(self, line_id: int, version: int, reason: str, who: Principal) -> Line:
        with self._store.begin() as work:
            line = _line(work, line_id)
            self._plan(work, line.round, who, PLANNING).remove(line, version, reason, who)
            return line

    def tick_rules(
        self,
        number: str,
        place: tuple[str, str],
        rules: Collection[str],
        who: Principal,
        seen: Collection[str] | None = None,
    ) -> None:
        """The boxes of a school, as they are to stand. seen: those that were ticked when they were read."""
        states = PLANNING | {"proposed"}
        with self._store.reading() as connection:
            plan = self._plan(UnitOfWork(connection), number, who, states)
            before, ticked = plan.rows.ticks(number).get(place), plan.ticked(place)
        with self._store.begin() as work:
            plan = self._plan(work, number, who, states)
            known, changed = {rule.id for rule in plan.rules.rules}, plan.rows.ticks(number).get(place) != before
            if seen is not None and (changed or ticked not in (set(seen), known & set(rules))):
                raise PlanRefused(PlanFlaw.ANSWERED)
            plan.rows.tick(number, place, known & set(rules), who, self._means.clock())

    def step(self, line_id: int, wish: StageWish, who: Principal) -> Line:
        with self._store.begin() as work:
            line = _line(work, line_id)
            self._request(work, line.round, who, CARRYING)
            now = self._means.clock()
            done = CarryingOut(work, self._means.zone, now, self._means.around.offices).step(line, wish, who)
            if wish.stage is Stage.DISPATCHED:
                confirm_in(work, self._means.zone, now)
            return done

    def order(self, line_id: int, version: int, subject: str, who: Principal) -> str:
        """Ask for the purchase of what a line needs; subject: what to buy, in words. The number of that request."""
        with self._store.begin() as work:
            line = _line(work, line_id)
            parent = self._request(work, line.round, who, CARRYING)
            if line.version != version:
                raise PlanRefused(PlanFlaw.STALE)
            if line.order or not line.waiting(Stage.RESERVED):
                raise PlanRefused(PlanFlaw.NOT_NOW)
            scene = Scene(who, self._means.clock(), Around(work.connection, who, self._means.around.offices))
            opened = self._requests.open_in(work, PURCHASE, Wish(_purchase(line, subject)), scene, parent)
            CarryingOut(work, self._means.zone, scene.now).order(line, opened.number, who)
            return opened.number

    def take_back(self, line_id: int, version: int, reason: str, who: Principal) -> Line:
        """What is reserved and was not sent; what is being bought, after its purchase was withdrawn."""
        with self._store.begin() as work:
            line = _line(work, line_id)
            self._request(work, line.round, who, CARRYING)
            purchase = RequestRows(work.connection).read(line.order) if line.order else None
            if purchase is not None and purchase.is_open:
                raise PlanRefused(PlanFlaw.PURCHASE_GOES_ON, number=purchase.number)
            return CarryingOut(work, self._means.zone, self._means.clock()).take_back(line, version, reason, who)

    def workbook(self, title: str, heading: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
        return write_workbook(title, heading, rows)

    def tick(self, now: int) -> None:
        """Now and then, look whether something has arrived."""
        if now - self._looked_at >= _LOOK_MS:
            self._looked_at = now
            confirm(self._store, self._means.zone, now)

    def _plan(self, work: UnitOfWork, number: str, who: Principal, states: Collection[str]) -> Plan:
        request = self._request(work, number, who, states)
        return plan_of(work, request, self._means.weighing(who.groups), self._means.around)

    def _request(self, work: UnitOfWork, number: str, who: Principal, states: Collection[str]) -> Request:
        request = RequestRows(work.connection).get(number)
        if request is None or request.type != ALLOCATION or not may_see(AllocationRows(work.connection), number, who):
            raise PlanRefused(PlanFlaw.NO_SUCH_ROUND)
        if request.state not in states:
            raise PlanRefused(PlanFlaw.NOT_NOW)
        return request


def _each(hooks: Sequence[Hook], work: UnitOfWork, step: Step) -> None:
    for hook in hooks:
        hook(work, step)


def _line(work: UnitOfWork, line_id: int) -> Line:
    found = AllocationRows(work.connection).line(line_id)
    if found is None:
        raise PlanRefused(PlanFlaw.NO_SUCH_LINE)
    return found


def _purchase(line: Line, subject: str) -> Mapping[str, object]:
    piece = {"what": subject, "quantity": line.waiting(Stage.RESERVED), "price": line.price_satang / 100}
    school = f"{line.group}/{line.school}"
    return {"subject": subject, "items": [piece], "reason": line.reason or line.round, "school": school}
