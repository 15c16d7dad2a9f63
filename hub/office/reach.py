"""Which districts somebody is limited to, when all that is left of them is the label in a history."""

from hub.store.people import PersonRows
from hub.store.sign_ins import TokenRows
from hub.store.unit_of_work import UnitOfWork


def groups_of(work: UnitOfWork, label: str) -> frozenset[str] | None:
    """As it is now; a program may no more than the person whose token it has. None: all districts."""
    kind, _, number = label.partition(":")
    if not number.isdecimal():
        return None
    if kind == "token":
        token = TokenRows(work.connection).get(int(number))
        return frozenset() if token is None else _of_person(work, token.person_id)
    return _of_person(work, int(number)) if kind == "person" else None


def _of_person(work: UnitOfWork, number: int) -> frozenset[str] | None:
    person = PersonRows(work.connection).get(number)
    return None if person is None else person.place.groups
