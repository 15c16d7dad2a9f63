"""Who there is and what they may. Whoever changes roles or ends an account ends its sessions as well.

There is always somebody who can manage people: the last admin can neither be ended nor made something else.
"""

from collections.abc import Sequence
from dataclasses import replace

from hub.accounts.audit import Details
from hub.accounts.errors import LastAdmin, NoSuchPerson
from hub.accounts.person import Person, Place, name_of
from hub.accounts.records import Book, Purpose, Records
from hub.core.people import Principal, Role


class People:
    """Keeps nothing between calls."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def all(self) -> Sequence[Person]:
        with self._book.reading() as records:
            return records.people.all()

    def get(self, person_id: int) -> Person | None:
        with self._book.reading() as records:
            return records.people.get(person_id)

    def by_login(self, login: str) -> Person | None:
        with self._book.reading() as records:
            return records.people.by_login(login)

    def change(self, by: Principal, person_id: int, place: Place, now: int) -> Person:
        """Another name, roles, school or districts. Raises NoSuchPerson, LastAdmin."""
        with self._book.begin() as records:
            person = _known(records, person_id)
            place = replace(place, name=name_of(place.name, person.login))
            if place == person.place:
                return person
            if Role.ADMIN not in place.roles:
                _require_other_admin(records, person)
            replace_place(records, by, person, place, now)
        return replace(person, place=place)

    def deactivate(self, by: Principal, person_id: int, now: int) -> None:
        """End the account with all sessions, tokens and links of it. Raises NoSuchPerson, LastAdmin."""
        with self._book.begin() as records:
            person = _known(records, person_id)
            if not person.active:
                return
            _require_other_admin(records, person)
            records.people.activate(person_id, False)
            details = {
                "sessions": records.sessions.end_all(person_id, now),
                "tokens": records.tokens.revoke_all(person_id, now),
            }
            for purpose in (Purpose.INVITATION, Purpose.RESET):
                records.links.void(purpose, person_id, now)
            records.audit.write(by, "person.deactivated", person.label, details, now)

    def reactivate(self, by: Principal, person_id: int, now: int) -> None:
        """They may sign in again, as they did before; tokens stay revoked. Raises NoSuchPerson."""
        with self._book.begin() as records:
            person = _known(records, person_id)
            if person.is_erased:
                raise NoSuchPerson(f"person {person_id} was erased: nothing is left to sign in with")
            if not person.active:
                records.people.activate(person_id, True)
                records.audit.write(by, "person.reactivated", person.label, {}, now)


def replace_place(records: Records, by: Principal | str, person: Person, place: Place, now: int) -> None:
    """Write what changed; who may something else now signs in again."""
    records.people.place(person.id, place)
    if replace(place, name="") == replace(person.place, name=""):
        records.audit.write(by, "person.renamed", person.label, {}, now)
        return
    details: Details = {
        "from": sorted(map(str, person.place.roles)),
        "to": sorted(map(str, place.roles)),
        "school": place.school,
        "groups": sorted(place.groups) if place.groups is not None else None,
        "sessions": records.sessions.end_all(person.id, now),
    }
    records.audit.write(by, "person.changed", person.label, details, now)


def _known(records: Records, person_id: int) -> Person:
    person = records.people.get(person_id)
    if person is None:
        raise NoSuchPerson(f"there is no person {person_id}")
    return person


def _require_other_admin(records: Records, person: Person) -> None:
    if person.is_admin and {each.id for each in records.people.admins()} <= {person.id}:
        raise LastAdmin(f"{person.login} is the only admin: make another one first")
