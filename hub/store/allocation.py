"""Rounds of allocation in the database: lines change only for whoever saw the newest, and their history is only added to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, union, update

from hub.allocation.lines import Line, Source, Stage, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import LineEntry, Round
from hub.core.people import Principal
from hub.core.texts import Text
from hub.store.allocation_tables import allocation_entry, allocation_line, allocation_round, allocation_tick
from hub.store.asset_tables import asset
from hub.store.tables import school
from hub.store.workflow_tables import request

_GOES_ON = ("planning", "proposed", "coordinating", "carrying_out")
"""States of a round whose lines are to come."""
_ROUND = select(allocation_round).where(allocation_round.c.number == bindparam("number"))
_LINES = (
    select(allocation_line)
    .where(allocation_line.c.round == bindparam("number"), allocation_line.c.removed_at.is_(None))
    .order_by(allocation_line.c.place, allocation_line.c.id)
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does with a line."""

    who: Principal
    at: int
    text: Text
    note: str = ""


class AllocationRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def round(self, number: str) -> Round | None:
        found = self._connection.execute(_ROUND, {"number": number}).first()
        if found is None:
            return None
        groups = None if found.groups is None else tuple(found.groups)
        return Round(found.number, groups, tuple((need, why) for need, why in found.left), found.proposed_at)

    def districts(self) -> frozenset[str]:
        """All that a round may give to: of the schools and of the assets."""
        found = union(select(school.c.group), select(asset.c.group))
        return frozenset(self._connection.execute(found).scalars())

    def begin(self, number: str, groups: Collection[str] | None, now: int) -> None:
        """Where it has not begun yet."""
        if self.round(number) is None:
            told = None if groups is None else sorted(groups)
            row = insert(allocation_round).values(number=number, groups=told, left=[], proposed_at=now)
            self._connection.execute(row)

    def tell_left(self, number: str, left: Iterable[tuple[str, str]], now: int) -> None:
        """What a new proposal left out."""
        mine = allocation_round.c.number == number
        values = {"left": [list(each) for each in left], "proposed_at": now}
        self._connection.execute(update(allocation_round).where(mine).values(**values))

    def lines(self, number: str) -> tuple[Line, ...]:
        """Of the plan, in its order."""
        return tuple(map(_line, self._connection.execute(_LINES, {"number": number}).all()))

    def of_others(self, number: str, *, locked: bool = False) -> tuple[Line, ...]:
        """Of rounds that plan or carry out, besides this one. locked: no other plan changes until the transaction ends."""
        if locked:
            order = select(allocation_round.c.number).order_by(allocation_round.c.number)
            self._connection.execute(order.with_for_update()).all()
        row = allocation_line.c
        rows = select(allocation_line).join(request, (request.c.number == row.round) & request.c.state.in_(_GOES_ON))
        rows = rows.where(row.removed_at.is_(None), row.round != number).order_by(row.id)
        return tuple(map(_line, self._connection.execute(rows)))

    def carried_out(self) -> tuple[Line, ...]:
        """Of rounds that go on: lines that have begun and are not all accepted; to be looked at by telemetry."""
        row = allocation_line.c
        rows = select(allocation_line).join(request, (request.c.number == row.round) & request.c.is_open)
        rows = rows.where(row.removed_at.is_(None)).order_by(row.id)
        found = map(_line, self._connection.execute(rows))
        return tuple(line for line in found if line.done and not line.is_done)

    def line(self, line_id: int) -> Line | None:
        row = allocation_line.c
        rows = select(allocation_line).where(row.id == line_id, row.removed_at.is_(None))
        found = self._connection.execute(rows).first()
        return None if found is None else _line(found)

    def add(self, line: Line, deed: Deed) -> Line:
        """At the end of the plan."""
        row = allocation_line.c
        last = select(func.coalesce(func.max(row.place), 0)).where(row.round == line.round)
        place = int(self._connection.execute(last).scalar_one()) + 1
        line = replace(line, place=place, version=1)
        added = insert(allocation_line).values(**_columns(line)).returning(row.id)
        line = replace(line, id=int(self._connection.execute(added).scalar_one()))
        self.tell(line.id, deed)
        return line

    def change(self, line: Line, deed: Deed) -> Line:
        """line  as it is to be, with the version that was read. Raises PlanRefused."""
        self._set(line, {**_columns(line), "version": line.version + 1})
        self.tell(line.id, deed)
        return replace(line, version=line.version + 1)

    def remove(self, line: Line, deed: Deed) -> None:
        """Out of the plan; its history stays. Raises PlanRefused."""
        self._set(line, {"removed_at": deed.at, "version": line.version + 1})
        self.tell(line.id, deed)

    def tell(self, line_id: int, deed: Deed) -> None:
        text = {"code": deed.text.code, "params": dict(deed.text.params)}
        who = {"who": deed.who.label, "name": deed.who.name}
        row = insert(allocation_entry).values(line_id=line_id, at=deed.at, **who, **text, note=deed.note)
        self._connection.execute(row)

    def history(self, number: str) -> Mapping[int, Sequence[LineEntry]]:
        """Of the lines of a round, also of those that were taken out; in order."""
        row = allocation_entry.c
        rows = select(allocation_entry).join(allocation_line, allocation_line.c.id == row.line_id)
        found: dict[int, list[LineEntry]] = {}
        for each in self._connection.execute(rows.where(allocation_line.c.round == number).order_by(row.id)):
            text = Text(each.code, each.params)
            entry = LineEntry(each.line_id, each.at, each.who, each.name, text, each.note, each.id)
            found.setdefault(each.line_id, []).append(entry)
        return found

    def removed(self, number: str) -> tuple[Line, ...]:
        row = allocation_line.c
        rows = select(allocation_line).where(row.round == number, row.removed_at.is_not(None)).order_by(row.id)
        return tuple(map(_line, self._connection.execute(rows)))

    def ticks(self, number: str) -> Mapping[tuple[str, str], frozenset[str]]:
        """Rules that people answered, by school."""
        found: dict[tuple[str, str], set[str]] = {}
        for row in self._connection.execute(select(allocation_tick).where(allocation_tick.c.round == number)):
            found.setdefault((row.group, row.school), set()).add(row.rule)
        return {place: frozenset(rules) for place, rules in found.items()}

    def tick(self, number: str, place: tuple[str, str], rules: Collection[str], who: Principal, now: int) -> None:
        """These rules of a school, and no others, are answered with yes."""
        row = allocation_tick.c
        here = (row.round == number) & (row.group == place[0]) & (row.school == place[1])
        known = set(self._connection.execute(select(row.rule).where(here)).scalars())
        gone = known - set(rules)
        if gone:
            self._connection.execute(delete(allocation_tick).where(here, row.rule.in_(gone)))
        told = {"round": number, "group": place[0], "school": place[1], "at": now, "who": who.label}
        rows = [{**told, "rule": rule} for rule in sorted(set(rules) - known)]
        if rows:
            self._connection.execute(insert(allocation_tick), rows)

    def _set(self, line: Line, values: Mapping[str, Any]) -> None:
        row = allocation_line.c
        mine = (row.id == line.id) & (row.version == line.version) & row.removed_at.is_(None)
        if self._connection.execute(update(allocation_line).where(mine).values(**values)).rowcount != 1:
            raise PlanRefused(PlanFlaw.STALE)


def _columns(line: Line) -> dict[str, Any]:
    return {
        "round": line.round,
        "place": line.place,
        "group": line.group,
        "school": line.school,
        "kind": line.kind,
        "what": line.what,
        "quantity": line.quantity,
        "work": line.work.value,
        "price_satang": line.price_satang,
        "source": line.source.value,
        "reasons": [[each.code, dict(each.params)] for each in line.reasons],
        "reason": line.reason,
        "need": line.need,
        "asset_id": line.asset,
        "giver_id": line.giver,
        "from_school": line.from_school,
        "done": {stage.value: pieces for stage, pieces in line.done.items()},
        "serials": list(line.serials),
        "order": line.order,
        "version": line.version,
    }


def _line(row: Sequence[Any]) -> Line:
    """row: all columns, in their order."""
    number, of, place, group, school, kind, what, quantity, work, price, source, reasons, reason, need, *more = row
    asset, giver, from_school, done, serials, order, _removed_at, version = more
    return Line(
        round=of,
        group=group,
        school=school,
        kind=kind,
        what=what,
        quantity=quantity,
        work=Work(work),
        price_satang=price,
        source=Source(source),
        reasons=tuple(Text(code, params) for code, params in reasons),
        reason=reason,
        need=need,
        asset=asset,
        giver=giver,
        from_school=from_school,
        done={Stage(stage): pieces for stage, pieces in done.items()},
        serials=tuple(serials),
        order=order,
        place=place,
        version=version,
        id=number,
    )
