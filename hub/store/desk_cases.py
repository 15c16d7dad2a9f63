"""What help desks have of ours, in the database."""

from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.messages.desk_cases import DeskCase
from hub.store.message_tables import desk_case

_AT_ONCE = 50


class DeskCaseRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, desk: str, subject: str) -> DeskCase | None:
        here = select(desk_case).where(desk_case.c.desk == desk, desk_case.c.subject == subject)
        row = self._connection.execute(here).first()
        return None if row is None else _case(row)

    def add(self, new: DeskCase) -> bool:
        """False where the help desk has it already."""
        of = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = of.insert(desk_case).values(desk=new.desk, subject=new.subject, made_at=new.made_at, **_changing(new))
        return self._connection.execute(row.on_conflict_do_nothing().returning(desk_case.c.id)).first() is not None

    def change(self, changed: DeskCase) -> bool:
        """False where somebody else was quicker than the version that was read."""
        mine = (desk_case.c.id == changed.id) & (desk_case.c.version == changed.version)
        values = {**_changing(changed), "version": changed.version + 1}
        return bool(self._connection.execute(update(desk_case).where(mine).values(values)).rowcount)

    def due(self, desk: str, now: int) -> tuple[DeskCase, ...]:
        """Those to be looked after now, the longest waiting first."""
        ripe = select(desk_case).where(desk_case.c.desk == desk, desk_case.c.due_at <= now)
        return tuple(map(_case, self._connection.execute(ripe.order_by(desk_case.c.due_at).limit(_AT_ONCE))))

    def of_desk(self, desk: str, after: int, limit: int) -> tuple[DeskCase, ...]:
        """In the order in which they were taken."""
        mine = select(desk_case).where(desk_case.c.desk == desk, desk_case.c.id > after)
        return tuple(map(_case, self._connection.execute(mine.order_by(desk_case.c.id).limit(limit))))

    def newest(self, limit: int) -> tuple[DeskCase, ...]:
        rows = self._connection.execute(select(desk_case).order_by(desk_case.c.id.desc()).limit(limit))
        return tuple(map(_case, rows))


def _changing(case: DeskCase) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "url": case.url,
        "state": case.state,
        "done": case.done,
        "solution": case.solution,
        "told": case.told,
        "telling": case.telling,
        "due_at": case.due_at,
        "tries": case.tries,
        "trouble": case.trouble,
        "version": case.version,
    }


def _case(row: Any) -> DeskCase:
    return DeskCase(
        desk=row.desk,
        subject=row.subject,
        made_at=row.made_at,
        told=row.told,
        due_at=row.due_at,
        reference=row.reference,
        url=row.url,
        state=row.state,
        done=row.done,
        solution=row.solution,
        tries=row.tries,
        trouble=row.trouble,
        telling=row.telling,
        version=row.version,
        id=row.id,
    )
