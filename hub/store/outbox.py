"""Who is to be told what of which incident, and who was: rows that are written with the incidents themselves.

One row for each person, incident and turn, for good: whatever is judged again, nothing waits twice.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.findings import Incident
from hub.core.notices import Notice, Person, Turn
from hub.store.tables import notice

_DAY_MS = 86_400_000
_WAITING, _SENT, _DROPPED = "waiting", "sent", "dropped"


def keep_notices(connection: Connection, people: Iterable[Person], told: Iterable[Incident], now: int) -> None:
    """What these incidents, as they are told now, mean to those who asked."""
    people = tuple(people)
    newest = {(each.group, each.key): each for each in told} if people else {}
    for each in newest.values():
        for person in people:
            if each.cause in person.causes:
                _Row(connection, person, each).keep(now)


OFFICE = "hub:office"
"""In the place of an address: the office's own outbox, which tells people as they have chosen, and programs."""


def waiting(connection: Connection, now: int, *, of_office: bool = False) -> Sequence[Notice]:
    """What is due, the oldest first; a person's turns of one incident together. What is due since a day is nobody's news."""
    whose = notice.c.address == OFFICE if of_office else notice.c.address != OFFICE
    due = (whose, notice.c.state == _WAITING, notice.c.due_at <= now, notice.c.due_at >= now - _DAY_MS)
    found: dict[tuple[str, str, str], Notice] = {}
    for row in connection.execute(select(notice).where(*due).order_by(notice.c.due_at, notice.c.key)):
        place = (row.address, row.group, row.key)
        before = found[place].turns if place in found else frozenset[Turn]()
        found[place] = Notice(*place, before | {Turn(row.what)}, row.cause, row.start)
    return tuple(found.values())


def settle(connection: Connection, told: Notice, *, sent: bool) -> None:
    """It was sent, or never will be."""
    here = _of(told.address, told.group, told.key)
    turns = notice.c.what.in_([turn.value for turn in told.turns])
    connection.execute(update(notice).where(*here, turns).values(state=_SENT if sent else _DROPPED))


class _Row:
    """The rows of one person and one incident."""

    def __init__(self, connection: Connection, person: Person, told: Incident) -> None:
        self._connection, self._person, self._told = connection, person, told
        self._here = _of(person.address, told.group, told.key)

    def keep(self, now: int) -> None:
        states = self._states()
        begun, told = states.get(Turn.BEGUN), self._told
        if not told.schools:
            self._withdraw(begun, now)
        elif begun is None and told.start < now - _DAY_MS:
            # The past: what came to be known only now, or long after an upgrade.
            return
        elif begun != _SENT and not self._long_enough:
            self._forget(Turn.BEGUN, Turn.ENDED)
        else:
            self._put(Turn.BEGUN, told.start + self._person.after_ms)
            self._keep_end()

    @property
    def _long_enough(self) -> bool:
        told = self._told
        return told.end is None or told.end - told.start >= self._person.after_ms

    def _keep_end(self) -> None:
        if self._told.end is None:
            self._forget(Turn.ENDED)
        else:
            self._put(Turn.ENDED, self._told.end)

    def _withdraw(self, begun: str | None, now: int) -> None:
        """It is none: whoever was told so is told this too, the others nothing."""
        if begun == _SENT:
            self._put(Turn.ENDED, now)
        else:
            self._forget(Turn.BEGUN, Turn.ENDED)

    def _states(self) -> Mapping[Turn, str]:
        found = self._connection.execute(select(notice.c.what, notice.c.state).where(*self._here))
        return {Turn(row[0]): row[1] for row in found}

    def _forget(self, *turns: Turn) -> None:
        """What was sent stays known."""
        these = notice.c.what.in_([turn.value for turn in turns])
        self._connection.execute(delete(notice).where(*self._here, these, notice.c.state == _WAITING))

    def _put(self, turn: Turn, due_at: int) -> None:
        told, person = self._told, self._person
        key = {"address": person.address, "group": told.group, "key": told.key, "what": turn.value}
        values = {"cause": told.cause, "start": told.start, "due_at": due_at}
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(notice).values(**key, **values, state=_WAITING)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=values, where=notice.c.state == _WAITING)
        )


def _of(address: str, group: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return notice.c.address == address, notice.c.group == group, notice.c.key == key
