"""What reports are made of in money: what plans came to in a period, what else was bought, and what budget there was for it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from hub.allocation.rounds import year_of
from hub.core.money import satang_from
from hub.reports.facts import LineFact, PurchaseFact
from hub.store.allocation_tables import allocation_entry, allocation_line, allocation_round
from hub.store.reports import Asked
from hub.store.workflow_tables import request

_ACCEPTED, _STOPPED, _RECEIVED = "line.accepted", "stopped", "received"
_REPAIR, _PLAN = "repair", "allocation"


@dataclass(frozen=True, slots=True)
class _Round:
    """counts: it is of the fiscal year of the period, and was not stopped"""

    title: str
    budget: int | None
    counts: bool


def plan_lines(connection: Connection, asked: Asked) -> tuple[tuple[LineFact, ...], int | None]:
    """Lines of the rounds of the fiscal year, those of which anything was accepted in the period, and the budget in satang."""
    rounds = _rounds(connection, asked)
    before, now = _accepted(connection, asked)
    row = allocation_line.c
    rows = select(allocation_line).where(row.removed_at.is_(None), row.group.in_(asked.groups)).order_by(row.id)
    found = connection.execute(rows.where(row.round.in_(rounds))).all()
    lines = tuple(
        _line(each, rounds[each.round], before[each.id], now[each.id])
        for each in found
        if rounds[each.round].counts or now[each.id]
    )
    budgets = [each.budget for each in rounds.values() if each.counts and each.budget is not None]
    return lines, sum(budgets) if budgets else None


def purchases(connection: Connection, asked: Asked) -> tuple[PurchaseFact, ...]:
    """Whose goods have all come in the period, with what they cost."""
    of = request.c
    here = or_(of.group.is_(None), of.group.in_(asked.groups))
    came = and_(of.state == _RECEIVED, of.entered_at >= asked.start, of.entered_at < asked.end)
    rows = select(of.number, of.parent, of["values"]).where(of.type == "purchase_request", came, here)
    found = [(each, satang_from(each._mapping["values"].get("cost"))) for each in connection.execute(rows)]
    paid = {each.number: (each, cost) for each, cost in found if cost}
    planned = set(
        connection.execute(select(allocation_line.c.order).where(allocation_line.c.order.in_(paid))).scalars()
    )
    repaired = _paid_by_repairs(connection, {each.parent for each, _ in paid.values() if each.parent})
    return tuple(
        PurchaseFact(
            number,
            _text(each._mapping["values"], "subject", number),
            cost,
            _PLAN if number in planned else _REPAIR if each.parent in repaired else "",
        )
        for number, (each, cost) in sorted(paid.items())
    )


def _rounds(connection: Connection, asked: Asked) -> Mapping[str, _Round]:
    """All that were opened before the period ended, and that have to do with the districts."""
    of = request.c
    rows = select(of.number, of.state, of.opened_at, of["values"], allocation_round.c.groups)
    rows = rows.select_from(request.outerjoin(allocation_round, allocation_round.c.number == of.number))
    found = connection.execute(rows.where(of.type == "allocation", of.opened_at < asked.end))
    rounds: dict[str, _Round] = {}
    for each in found:
        if each.groups is not None and not set(each.groups) & set(asked.groups):
            continue
        values = each._mapping["values"]
        year = year_of(values, asked.day(each.opened_at))
        counts = year == asked.period.fiscal_year and each.state != _STOPPED
        rounds[each.number] = _Round(_text(values, "title", each.number), satang_from(values.get("budget")), counts)
    return rounds


def _accepted(connection: Connection, asked: Asked) -> tuple[Counter[int], Counter[int]]:
    """Pieces by line: before the period, and in it."""
    row = allocation_entry.c
    rows = select(row.line_id, row.at, row.params).where(row.code == _ACCEPTED, row.at < asked.end)
    found: defaultdict[bool, Counter[int]] = defaultdict(Counter)
    for each in connection.execute(rows):
        found[each.at >= asked.start][each.line_id] += int(each.params.get("pieces", 1))
    return found[False], found[True]


def _paid_by_repairs(connection: Connection, numbers: set[str]) -> frozenset[str]:
    """Those whose own cost says what they came to, parts among it."""
    of = request.c
    rows = select(of.number, of["values"]).where(of.number.in_(numbers), of.type == _REPAIR)
    told = connection.execute(rows)
    return frozenset(each.number for each in told if satang_from(each._mapping["values"].get("cost")))


def _line(row: Any, of: _Round, before: int, now: int) -> LineFact:
    return LineFact(
        round=row.round,
        title=of.title,
        group=row.group,
        kind=row.kind,
        work=row.work,
        source=row.source,
        quantity=row.quantity,
        accepted=now,
        price_satang=row.price_satang,
        before=before,
    )


def _text(values: Mapping[str, Any], name: str, otherwise: str) -> str:
    said = values.get(name)
    return said if isinstance(said, str) else otherwise
