"""Requests in the database: compare-and-set on the version, histories that are only added to, running numbers, timers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hub.core.fiscal import calendar_year, fiscal_year
from hub.store.running import hold, take
from hub.store.workflow_tables import (
    request,
    request_entry,
    request_file,
    request_notice,
    request_timer,
)
from hub.workflows.request import Entry, Request, Step, Timer, Told, Value, Values
from hub.workflows.schema import Definition

_AT_ONCE = 50


class RequestRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, number: str) -> Request | None:
        """To work on: nobody else changes it until the transaction ends."""
        found = self._connection.execute(select(request).where(request.c.number == number).with_for_update()).first()
        return None if found is None else read_request(found)

    def read(self, number: str) -> Request | None:
        """To look at."""
        found = self._connection.execute(select(request).where(request.c.number == number)).first()
        return None if found is None else read_request(found)

    def history(self, request_id: int) -> tuple[Entry, ...]:
        """In order."""
        rows = select(request_entry).where(request_entry.c.request_id == request_id).order_by(request_entry.c.id)
        return tuple(map(read_entry, self._connection.execute(rows)))

    def add(self, step: Step, number: str) -> int:
        """A new request. Its id."""
        row = insert(request).values(number=number, **_columns(step.request)).returning(request.c.id)
        request_id: int = self._connection.execute(row).scalar_one()
        self._follow(request_id, step)
        return request_id

    def change(self, step: Step, version: int) -> bool:
        """One step further; False where somebody else was quicker."""
        mine = (request.c.id == step.request.id) & (request.c.version == version)
        changed = self._connection.execute(update(request).where(mine).values(**_columns(step.request)))
        if changed.rowcount != 1:
            return False
        self._follow(step.request.id, step)
        return True

    def due(self, now: int) -> tuple[str, ...]:
        """Numbers of some that have a timer which is due, the longest first."""
        ripe = select(request.c.number).join(request_timer).where(request_timer.c.at <= now)
        return tuple(
            dict.fromkeys(self._connection.execute(ripe.order_by(request_timer.c.at).limit(_AT_ONCE)).scalars())
        )

    def plan(self, request_id: int, timers: Sequence[Timer]) -> None:
        """These timers in place of those before."""
        self._connection.execute(delete(request_timer).where(request_timer.c.request_id == request_id))
        rows = [
            {"request_id": request_id, "turn": each.turn.value, "scope": each.scope, "at": each.at} for each in timers
        ]
        if rows:
            self._connection.execute(insert(request_timer), rows)

    def others(self, request_type: str, but: int) -> tuple[Values, ...]:
        """What the other open requests of a type hold. None is added until the transaction ends."""
        hold(self._connection, request_type, 0)
        rows = select(request.c["values"]).where(request.c.type == request_type, request.c.is_open, request.c.id != but)
        return tuple(self._connection.execute(rows).scalars())

    def number(self, definition: Definition, day: date) -> str:
        """The next running number: PC-2570-0001."""
        year = fiscal_year(day) if definition.numbered_by == "fiscal_year" else calendar_year(day)
        return f"{definition.prefix}-{year}-{take(self._connection, definition.prefix, year):04}"

    def _follow(self, request_id: int, step: Step) -> None:
        entry = insert(request_entry).values(request_id=request_id, **_entry_columns(step.entry))
        entry_id = self._connection.execute(entry.returning(request_entry.c.id)).scalar_one()
        self.plan(request_id, step.effects.timers)
        for notice in step.effects.notices:
            row = insert(request_notice).values(entry_id=entry_id, code=notice.code, whom=list(notice.to))
            self._connection.execute(row)
        self._attach(request_id, step.entry.values.values())

    def _attach(self, request_id: int, values: Iterable[Value]) -> None:
        files = [each["file"] for each in values if isinstance(each, Mapping)]
        if files:
            sent = (request_file.c.id.in_(files)) & (request_file.c.request_id.is_(None))
            self._connection.execute(update(request_file).where(sent).values(request_id=request_id))


def _columns(values: Request) -> dict[str, Any]:
    return {
        "type": values.type,
        "state": values.state,
        "is_open": values.is_open,
        "group": values.group,
        "school": values.school,
        "opened_by": values.opened_by,
        "opened_name": values.opened_name,
        "opened_at": values.opened_at,
        "entered_at": values.entered_at,
        "due_at": values.due_at,
        "values": dict(values.values),
        "spent": dict(values.spent),
        "worked": values.worked,
        "reminded": sorted(values.reminded),
        "parent": values.parent,
        "version": values.version,
    }


def _entry_columns(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "told": entry.told.value,
        "who": entry.who,
        "name": entry.name,
        "transition": entry.transition,
        "origin": entry.origin,
        "target": entry.to,
        "values": dict(entry.values),
        "note": entry.note,
        "documents": list(entry.documents),
        "corrects": entry.corrects,
        "scope": entry.scope,
    }


def read_request(row: Sequence[Any]) -> Request:
    """row: all columns, in their order."""
    number, name, of, state, is_open, group, school, opened_by, opened_name, opened, entered, due, values, *rest = row
    spent, worked, reminded, parent, version = rest
    return Request(
        type=of,
        state=state,
        opened_by=opened_by,
        opened_name=opened_name,
        opened_at=opened,
        entered_at=entered,
        values=values,
        is_open=is_open,
        group=group,
        school=school,
        spent=spent,
        worked=worked,
        due_at=due,
        reminded=frozenset(reminded),
        parent=parent,
        number=name,
        version=version,
        id=number,
    )


def read_entry(row: Any) -> Entry:
    return Entry(
        at=row.at,
        told=Told(row.told),
        who=row.who,
        name=row.name,
        transition=row.transition,
        origin=row.origin,
        to=row.target,
        values=row._mapping["values"],
        note=row.note,
        documents=tuple(row.documents),
        corrects=row.corrects,
        scope=row.scope,
        id=row.id,
    )


def newest_first(connection: Connection, conditions: Sequence[Any], limit: int) -> tuple[Request, ...]:
    rows = select(request).where(*conditions).order_by(request.c.id.desc()).limit(limit)
    return tuple(map(read_request, connection.execute(rows).all()))
