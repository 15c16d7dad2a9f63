"""Ways and choices of people and roles in the database. What a way's address is, is sealed before it comes here."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.people import Role
from hub.messages.choices import Choice, Quiet, When
from hub.messages.kinds import Kind
from hub.messages.spreading import Office, Receiver, Way
from hub.messages.views import KeptWay
from hub.store.message_tables import message_choice, message_way
from hub.store.people_tables import person


class WayRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, owner: str) -> tuple[KeptWay, ...]:
        return self._those(message_way.c.owner == owner)

    def of_roles(self) -> tuple[KeptWay, ...]:
        return self._those(message_way.c.owner.in_([role.value for role in Role]))

    def get(self, way_id: int) -> KeptWay | None:
        found = self._those(message_way.c.id == way_id)
        return found[0] if found else None

    def add(self, way: KeptWay) -> int:
        values = {
            "owner": way.owner,
            "name": way.name,
            "service": way.service,
            "sealed": way.sealed,
            "kinds": None if way.kinds is None else sorted(kind.value for kind in way.kinds),
            "made_at": way.made_at,
        }
        number: int = self._connection.execute(
            insert(message_way).values(values).returning(message_way.c.id)
        ).scalar_one()
        return number

    def stop(self, way_id: int, owner: str, now: int) -> bool:
        """Take it away, with the secret. False where it is not theirs."""
        mine = (message_way.c.id == way_id) & (message_way.c.owner == owner) & message_way.c.stopped_at.is_(None)
        return bool(
            self._connection.execute(update(message_way).where(mine).values(stopped_at=now, sealed="")).rowcount
        )

    def _those(self, condition: Any) -> tuple[KeptWay, ...]:
        living = select(message_way).where(condition, message_way.c.stopped_at.is_(None)).order_by(message_way.c.id)
        return tuple(map(_way, self._connection.execute(living)))


class ChoiceRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, owner: str) -> Choice | None:
        row = self._connection.execute(select(message_choice).where(message_choice.c.owner == owner)).first()
        return None if row is None else _choice(row)

    def put(self, owner: str, choice: Choice) -> bool:
        """In place of the version that it names; False where somebody else was quicker."""
        values = {
            "language": choice.language,
            "times": {kind.value: when.value for kind, when in choice.times.items()},
            "quiet_from": None if choice.quiet is None else choice.quiet.start,
            "quiet_to": None if choice.quiet is None else choice.quiet.end,
            "digest_at": choice.digest_at,
            "version": choice.version + 1,
        }
        if choice.version:
            mine = (message_choice.c.owner == owner) & (message_choice.c.version == choice.version)
            return bool(self._connection.execute(update(message_choice).where(mine).values(values)).rowcount)
        of = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = of.insert(message_choice).values(owner=owner, **values).on_conflict_do_nothing()
        return self._connection.execute(row.returning(message_choice.c.owner)).first() is not None


def everybody(connection: Connection, zone: tzinfo) -> Office:
    """Who could be told now, and how."""
    people = [_receiver(row) for row in connection.execute(select(person).where(person.c.active).order_by(person.c.id))]
    there = {each.owner for each in people} | {role.value for role in Role}
    ways: dict[str, list[Way]] = defaultdict(list)
    for row in connection.execute(select(message_way).where(message_way.c.stopped_at.is_(None))):
        if row.owner in there:
            ways[row.owner].append(Way(row.id, row.owner, _kinds(row.kinds)))
    return Office(people, ways, choices(connection), zone)


def choices(connection: Connection) -> Mapping[str, Choice]:
    """Of everybody who has chosen, and of the roles."""
    return {row.owner: _choice(row) for row in connection.execute(select(message_choice))}


def names(connection: Connection) -> Mapping[str, str]:
    """Of the people, as the audit names them."""
    return {f"person:{row.id}": row.name for row in connection.execute(select(person.c.id, person.c.name))}


def _receiver(row: Any) -> Receiver:
    groups = None if row.groups is None else frozenset(row.groups)
    return Receiver(f"person:{row.id}", frozenset(map(Role, row.roles)), row.school, groups)


def _choice(row: Any) -> Choice:
    quiet = None if row.quiet_from is None else Quiet(row.quiet_from, row.quiet_to)
    times = {Kind(kind): When(when) for kind, when in row.times.items()}
    return Choice(row.language, times, quiet, row.digest_at, row.version)


def _kinds(kept: list[str] | None) -> frozenset[Kind] | None:
    return None if kept is None else frozenset(map(Kind, kept))


def _way(row: Any) -> KeptWay:
    return KeptWay(
        id=row.id,
        owner=row.owner,
        name=row.name,
        service=row.service,
        sealed=row.sealed,
        kinds=_kinds(row.kinds),
        made_at=row.made_at,
        worked_at=row.worked_at,
        trouble=row.trouble,
    )
