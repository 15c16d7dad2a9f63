"""A message to the ways of those whom it is for. Decides who may know; when, choices.py decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from hub.core.people import Role
from hub.messages.choices import Choice, Due, chosen, due
from hub.messages.kinds import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told.

    whom           roles, or persons as the audit names them
    group, school  what it is about
    """

    id: int
    code: str
    whom: Sequence[str]
    at: int
    group: str | None = None
    school: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person as the audit names them. groups: the districts that they are limited to; None: all."""

    owner: str
    roles: frozenset[Role]
    school: str | None = None
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a person or of a role. kinds: what is told by it; None: all."""

    id: int
    owner: str
    kinds: frozenset[Kind] | None = None

    def is_for(self, kind: Kind) -> bool:
        return self.kinds is None or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Telling:
    """A message is due by a way."""

    way: int
    due: Due


@dataclass(frozen=True, slots=True)
class Office:
    """Everybody who could be told. ways, choices: by their owner, a person or a role."""

    people: Sequence[Receiver]
    ways: Mapping[str, Sequence[Way]]
    choices: Mapping[str, Choice]
    zone: tzinfo


def spread(message: Message, office: Office, now: int) -> tuple[Telling, ...]:
    """By which ways it is told and when: no way twice."""
    found: dict[int, Telling] = {}
    for owner, roles in _owners(message, office.people):
        for telling in _by_ways_of(owner, roles, message, office, now):
            found.setdefault(telling.way, telling)
    return tuple(found.values())


def _owners(message: Message, people: Iterable[Receiver]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Persons with their roles, and the roles themselves: an office tells its LINE group what it tells its technicians."""
    for person in people:
        if person.owner in message.whom or any(_concerns(message, role, person) for role in person.roles):
            yield person.owner, tuple(role.value for role in person.roles)
    for role in Role:
        # What is for one school is nothing for all schools together.
        if role.value in message.whom and role is not Role.SCHOOL:
            yield role.value, ()


def _concerns(message: Message, role: Role, person: Receiver) -> bool:
    if role.value not in message.whom:
        return False
    if message.group is not None and person.groups is not None and message.group not in person.groups:
        return False
    return role is not Role.SCHOOL or (message.school is not None and message.school == person.school)


def _by_ways_of(owner: str, roles: Sequence[str], message: Message, office: Office, now: int) -> Iterator[Telling]:
    kind = kind_of(message.code)
    own, of_roles = office.choices.get(owner), [office.choices[role] for role in roles if role in office.choices]
    when = chosen(own, of_roles, kind)
    planned = due(when, own or (of_roles[0] if of_roles else Choice()), max(message.at, now), office.zone)
    if planned is not None:
        yield from (Telling(way.id, planned) for way in office.ways.get(owner, ()) if way.is_for(kind))
