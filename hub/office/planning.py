"""The plan of a round, in its transaction: made from needs, what is there and who is eligible; and changed by people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hub.allocation.lines import Line, Source, Work, checked, total
from hub.allocation.promises import of_stock, promised
from hub.allocation.proposing import Candidate, Idle, Supplies, propose
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft
from hub.allocation.rules import Judged, RuleSetModel, SchoolFacts, Verdict, is_shut_out, judge, rule_sets
from hub.allocation.shelves import Keepers, Shelf, shelf_of
from hub.core.assets import Asset
from hub.core.insights import RoomUse
from hub.core.money import satang_from
from hub.core.needs import Advice, Need
from hub.core.people import AT_THE_CONSOLE, Principal
from hub.core.texts import Text
from hub.core.usage import UsageSettings
from hub.office.ground import Basis, Ground
from hub.store.allocation import AllocationRows, Deed
from hub.store.assets import AssetRows
from hub.store.eligibility import idle_sets, school_facts
from hub.store.needs import NeedRows, Weighing
from hub.store.request_views import Around
from hub.store.rooms_in_use import Asked, ClassDays, rooms_in_use
from hub.store.supply import StockRows
from hub.store.unit_of_work import UnitOfWork
from hub.supply.places import OFFICE, ONE_OFFICE, Offices
from hub.workflows.request import Request
from hub.workflows.schema import Kind

_PLANNED = {Advice.REPLACE: Work.NEW, Advice.REPAIR: Work.REPAIR}
"""What a plan does about a need; the others can wait."""
THE_HUB = replace(AT_THE_CONSOLE, id="hub", name="")
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plan is made from, besides the database."""

    usage: UsageSettings
    class_days: ClassDays
    offices: Offices = ONE_OFFICE


class Plan:
    """Of one round, on one transaction."""

    def __init__(self, work: UnitOfWork, request: Request, weighing: Weighing, around: Surroundings) -> None:
        self.rows = AllocationRows(work.connection)
        self._work, self._request, self._weighing, self._around = work, request, weighing, around

    @property
    def budget(self) -> int:
        return satang_from(self._request.values.get("budget")) or 0

    @property
    def rules(self) -> RuleSetModel:
        return rule_sets().get(str(self._request.values.get("rules")), rule_sets()["none"])

    def look(self) -> Ground:
        """What is to be known for a proposal; with many schools this takes a while."""
        return Ground(self._basis(), self.candidates(), self._idle())

    def fill(self, ground: Ground | None = None) -> None:
        """With what the hub proposes; lines that people touched stay, and their cost is taken off the budget.

        ground: as it was found out before the transaction
        """
        if ground is None or ground.basis != self._basis():
            ground = self.look()
        number, deed = self._request.number, self._deed(THE_HUB, "line.proposed")
        kept: list[Line] = []
        for line in self.rows.lines(number):
            if line.reason:
                kept.append(line)
            else:
                self.rows.remove(line, self._deed(THE_HUB, "line.withdrawn"))
        answered, others = {line.need for line in kept}, self._of_others(locked=True)
        candidates = [each for each in ground.candidates if each.need not in answered]
        supplies = self._supplies([*kept, *others], ground.idle)
        proposal = propose(number, candidates, supplies, self.budget - total(kept))
        for line in proposal.lines:
            self.rows.add(line, deed)
        left = [(each.need or "", why.value) for each, why in proposal.left]
        self.rows.tell_left(number, left, self._weighing.now)

    def candidates(self) -> Sequence[Candidate]:
        shut = {place for place, judged in self.judged().items() if is_shut_out(judged)}
        needs = NeedRows(self._work.connection).all(self._weighing)
        return [_candidate(each, (each.group, each.school) in shut) for each in needs if each.advice in _PLANNED]

    def judged(self, places: Iterable[_Place] | None = None) -> Mapping[_Place, tuple[Judged, ...]]:
        """Of these schools, or of all."""
        if not self.rules.rules:
            return {}
        today, ticks = self._weighing.today, self.rows.ticks(self._request.number)
        facts = school_facts(
            self._work.connection, self._weighing.groups, today, self._around.usage.window_days, self._weighing.zone
        )
        wanted = facts if places is None else places
        return {
            place: judge(self.rules, facts.get(place, SchoolFacts()), ticks.get(place, frozenset()), today)
            for place in wanted
        }

    def ticked(self, place: _Place) -> set[str]:
        """Rules that people have answered with yes, where the hub does not know itself."""
        return {each.rule.id for each in self.judged([place]).get(place, ()) if each.verdict is Verdict.TICKED}

    def add(self, draft: Draft, who: Principal) -> Line:
        """Raises PlanRefused."""
        self._know_school(draft, who)
        self._know_giver(draft)
        line = checked(_drafted(Line(self._request.number, draft.group, draft.school, draft.kind, ""), draft))
        self._know_promises([line], line)
        return self.rows.add(line, self._deed(who, "line.added", note=draft.reason))

    def change(self, line: Line, draft: Draft, who: Principal) -> Line:
        """Raises PlanRefused."""
        if not draft.reason.strip():
            raise PlanRefused(PlanFlaw.MISSING, "reason")
        if (draft.group, draft.school) != (line.group, line.school):
            self._know_school(draft, who)
        self._know_giver(draft)
        then = checked(_drafted(replace(line, version=draft.version), draft))
        self._know_promises([then], then)
        told: dict[str, str | int | float | bool | None] = {
            "pieces_before": line.quantity,
            "pieces": then.quantity,
            "price_baht_before": line.price_satang / 100,
            "price_baht": then.price_satang / 100,
            "source_before": line.source.value,
            "source": then.source.value,
        }
        return self.rows.change(then, self._deed(who, "line.changed", told, draft.reason))

    def remove(self, line: Line, version: int, reason: str, who: Principal) -> None:
        """Raises PlanRefused."""
        if not reason.strip():
            raise PlanRefused(PlanFlaw.MISSING, "reason")
        self.rows.remove(replace(line, version=version), self._deed(who, "line.removed", note=reason))

    def check(self) -> None:
        """Whether it can be proposed. Raises PlanRefused."""
        lines = self.rows.lines(self._request.number)
        if not lines:
            raise PlanRefused(PlanFlaw.EMPTY_PLAN)
        over = total(lines) - self.budget
        if over > 0:
            raise PlanRefused(PlanFlaw.OVER_BUDGET, over_baht=over / 100, budget_baht=self.budget / 100)
        self._know_promises(lines)

    def _know_school(self, draft: Draft, who: Principal) -> None:
        """It stands in the register, in a district of this round."""
        groups = self._weighing.groups
        there = Around(self._work.connection, who).knows(Kind.SCHOOL, f"{draft.group}/{draft.school}")
        if not there or (groups is not None and draft.group not in groups):
            raise PlanRefused(PlanFlaw.BAD_VALUE if draft.school else PlanFlaw.MISSING, "school")

    def _know_giver(self, draft: Draft) -> None:
        """What is moved is there, and is of the same district."""
        if draft.source is Source.MOVED and draft.giver is None:
            raise PlanRefused(PlanFlaw.MISSING, "giver")
        if draft.source is Source.PURCHASE or draft.giver is None:
            return
        asset = AssetRows(self._work.connection).get(draft.giver)
        if asset is None or asset.group != draft.group or not asset.is_there:
            raise PlanRefused(PlanFlaw.NO_SUCH_ASSET, "giver")

    def _know_promises(self, touched: Iterable[Line], then: Line | None = None) -> None:
        """No asset and no piece of the stock is in two plans. then: a line as it is to be. Raises PlanRefused."""
        others, here = promised(self._of_others(locked=True), self._keepers()), self.rows.lines(self._request.number)
        mine = here if then is None else (*(each for each in here if each.id != then.id), then)
        keepers, free = self._keepers(), self._stock()
        for line in touched:
            promised([*(each for each in mine if each.id != line.id)]).check_giver(line.giver)
            others.check_giver(line.giver)
            if of_stock(line):
                shelf = shelf_of(line.group, line.kind, keepers)
                beside = [each for each in mine if shelf_of(each.group, each.kind, keepers) == shelf]
                others.check_stock(shelf, sum(map(of_stock, beside)), free.get(shelf, 0))

    def _of_others(self, *, locked: bool = False) -> Sequence[Line]:
        return self.rows.of_others(self._request.number, locked=locked)

    def idle_assets(self, lines: Iterable[Line]) -> tuple[Asset, ...]:
        """What nobody uses and neither these lines nor another plan gives; the longest idle first."""
        given = {line.giver for line in (*lines, *self._of_others())}
        wanted = [each.asset for each in self._idle() if each.asset is not None and each.asset not in given]
        return tuple(AssetRows(self._work.connection).many(wanted).values())

    def _supplies(self, promising: Collection[Line], idle: Sequence[Idle]) -> Supplies:
        """Without what lines that stay count on, and what has gone meanwhile."""
        keepers = self._keepers()
        taken, given = promised(promising, keepers), {line.giver for line in promising}
        stock = {shelf: max(0, free - taken.stock.get(shelf, 0)) for shelf, free in self._stock().items()}
        known = [each.asset for each in idle if each.asset is not None]
        gone = {key for key, asset in AssetRows(self._work.connection).many(known).items() if not asset.is_there}
        return Supplies(stock, [each for each in idle if each.asset not in given | gone], keepers)

    def _keepers(self) -> Keepers:
        """Whose stock is whose: pieces are reserved at the office of the district that a line is for."""
        offices = self._around.offices
        return {group: offices.of(group) for group in offices.groups} if offices.several else {}

    def _stock(self) -> Mapping[Shelf, int]:
        """Free pieces of each office."""
        rows, places = (
            StockRows(self._work.connection),
            {"": OFFICE} | {place: place for place in self._keepers().values()},
        )
        free = {name: rows.free_by_kind(place) for name, place in places.items()}
        return {(name, kind): pieces for name, kinds in free.items() for kind, pieces in kinds.items()}

    def _idle(self) -> Sequence[Idle]:
        """What nobody uses and is fit to be given."""
        idle = idle_sets(self._work.connection, self._weighing.groups, self._unused())
        known = [each.asset for each in idle if each.asset is not None]
        unfit = NeedRows(self._work.connection).unfit(self._weighing, known)
        return [each for each in idle if each.asset not in unfit]

    def _basis(self) -> Basis:
        groups = self._weighing.groups
        limited = None if groups is None else frozenset(groups)
        return Basis(self._weighing.today, self.rules, limited, self.rows.ticks(self._request.number))

    def _unused(self) -> Iterable[RoomUse]:
        today, usage = self._weighing.today, self._around.usage
        asked = Asked(None, None, _days_before(today, usage.window_days), today.isoformat())
        rooms = rooms_in_use(self._work.connection, asked, {}, self._around.class_days, self._weighing.zone)
        return [room for room in rooms if room.has_picture and room.idle_days >= usage.idle_class_days]

    def _deed(
        self,
        who: Principal,
        code: str,
        params: Mapping[str, str | int | float | bool | None] | None = None,
        note: str = "",
    ) -> Deed:
        return Deed(who, self._weighing.now, Text(code, params or {}), note.strip())


def _candidate(need: Need, shut_out: bool) -> Candidate:
    work = _PLANNED[need.advice]
    return Candidate(
        group=need.group,
        school=need.school,
        kind=need.kind,
        what=need.name,
        work=work,
        # What a repair will cost nobody knows: people write it.
        price_satang=need.price_satang if work is Work.NEW else None,
        reasons=need.reasons,
        need=need.key,
        asset=need.asset,
        shut_out=shut_out,
    )


def _drafted(line: Line, draft: Draft) -> Line:
    giver = None if draft.source is Source.PURCHASE else draft.giver
    return replace(
        line,
        group=draft.group,
        school=draft.school,
        kind=draft.kind,
        what=draft.what.strip(),
        quantity=draft.quantity,
        price_satang=draft.price_satang,
        work=draft.work,
        source=draft.source,
        giver=giver,
        from_school=line.from_school if giver == line.giver else None,
        reason=draft.reason.strip(),
        need=draft.need or line.need,
        asset=draft.asset or line.asset,
    )


def _days_before(day: date, days: int) -> str:
    return (day - timedelta(days=days - 1)).isoformat()
