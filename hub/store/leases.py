"""Who does what, of several processes on one PostgreSQL: districts are divided among those that live, by leases.

A lease runs out unless its holder renews it; then another takes it. A holder that was halted for so long and comes to itself
finds each of its transactions refused (`Store.fenced`). Times are the database's own, so that no clock of a process matters.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import JSON, Connection, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hub.store.errors import StoreUnavailable
from hub.store.lease_tables import hub_process, lease
from hub.store.unit_of_work import Store

LASTS_MS = 10_000
_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
_HELD = (
    select(lease.c.name)
    .where(lease.c.name == bindparam("one"), lease.c.holder == bindparam("who"), lease.c.until > bindparam("now"))
    .with_for_update(read=True)
)


class LeaseLost(StoreUnavailable):
    """Another process does it now, or may."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a process does: what it holds, and of that what it is to give up because it holds more than its part."""

    held: frozenset[str]
    surplus: frozenset[str]


class Leases:
    """Of one process."""

    def __init__(self, store: Store, process: str, role: str, *, lasts_ms: int = LASTS_MS) -> None:
        self._store, self._process, self._role, self._lasts_ms = store, process, role, lasts_ms

    def renew(self, names: Collection[str]) -> Share:
        """Say that this process lives; renew what it holds of these, and take what nobody holds, up to its part."""
        with self._store.apart() as work:
            connection = work.connection
            now = _now(connection)
            until = now + self._lasts_ms
            self._live(connection, now, until)
            _lay(connection, names)
            mine = lease.c.holder == self._process
            connection.execute(update(lease).where(mine).values(until=until))
            held = frozenset(connection.execute(select(lease.c.name).where(mine, lease.c.name.in_(names))).scalars())
            part = self._part(connection, len(names))
            if len(held) < part:
                held |= self._take(connection, names, part - len(held), now)
            return Share(held, frozenset(sorted(held)[part:]))

    def tell(self, signs: Mapping[str, Mapping[str, int | None]]) -> None:
        """How it goes with some of what this process holds; it stands when the process is gone."""
        rows = [{"one": name, "told": dict(told)} for name, told in signs.items()]
        if rows:
            here = (lease.c.name == bindparam("one")) & (lease.c.holder == self._process)
            with self._store.apart() as work:
                work.connection.execute(update(lease).where(here).values(signs=bindparam("told", type_=JSON)), rows)

    def release(self, names: Iterable[str]) -> None:
        """Others may have them at once."""
        mine = (lease.c.holder == self._process) & lease.c.name.in_(tuple(names))
        with self._store.apart() as work:
            work.connection.execute(update(lease).where(mine).values(holder=None, until=0))

    def leave(self) -> None:
        """This process ends."""
        with self._store.apart() as work:
            mine = lease.c.holder == self._process
            work.connection.execute(update(lease).where(mine).values(holder=None, until=0))
            work.connection.execute(delete(hub_process).where(hub_process.c.id == self._process))

    def fenced(self, name: str) -> Store:
        """The store for what is done under this lease: who does not hold it any more writes nothing."""
        return self._store.fenced(partial(_refuse_others, name, self._process))

    def _live(self, connection: Connection, now: int, until: int) -> None:
        here = insert(hub_process).values(id=self._process, role=self._role, until=until)
        connection.execute(here.on_conflict_do_update(index_elements=[hub_process.c.id], set_={"until": until}))
        connection.execute(delete(hub_process).where(hub_process.c.until < now - 10 * self._lasts_ms))

    def _part(self, connection: Connection, count: int) -> int:
        """As many as the others have, or one more where it does not divide."""
        alive = select(func.count()).where(hub_process.c.role == self._role, hub_process.c.until > _now(connection))
        return -(-count // max(1, connection.execute(alive).scalar_one()))

    def _take(self, connection: Connection, names: Collection[str], count: int, now: int) -> frozenset[str]:
        free = (
            select(lease.c.name)
            .where(lease.c.name.in_(names), or_(lease.c.holder.is_(None), lease.c.until < now))
            .order_by(lease.c.name)
            .limit(count)
            .with_for_update(skip_locked=True)
        )
        taken = update(lease).where(lease.c.name.in_(free)).values(holder=self._process, until=now + self._lasts_ms)
        return frozenset(connection.execute(taken.returning(lease.c.name)).scalars())


def told_signs(connection: Connection, names: Collection[str]) -> dict[str, Mapping[str, int | None]]:
    """What holders told of these last (`Leases.tell`); of which nothing was ever told are left out."""
    rows = connection.execute(select(lease.c.name, lease.c.signs).where(lease.c.name.in_(names)))
    return {row.name: row.signs for row in rows if row.signs is not None}


def _now(connection: Connection) -> int:
    return int(connection.execute(_NOW).scalar_one())


def _lay(connection: Connection, names: Iterable[str]) -> None:
    rows = [{"name": name, "holder": None, "until": 0} for name in sorted(names)]
    connection.execute(insert(lease).on_conflict_do_nothing(), rows)


def _refuse_others(name: str, process: str, connection: Connection) -> None:
    held = connection.execute(_HELD, {"one": name, "who": process, "now": _now(connection)}).first()
    if held is None:
        raise LeaseLost(f"another process does {name} now")
