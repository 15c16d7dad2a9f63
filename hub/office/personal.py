"""What the hub knows of a person: handed out when they ask, and erased as far as the law lets an office forget."""

import json
from collections.abc import Callable, Mapping

from hub.accounts.errors import NoSuchPerson, NotEnded
from hub.accounts.person import Person
from hub.core.people import Principal
from hub.store.audit import AuditRows
from hub.store.people import PersonRows
from hub.store.personal import Held, PersonalRows
from hub.store.unit_of_work import Store, UnitOfWork

_SHORTEST = 3


class Personal:
    """Fills hub.web.people_pages.PersonalPages."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store, self._clock = store, clock

    def export(self, person_id: int, by: Principal) -> bytes:
        """As JSON. Raises NoSuchPerson."""
        now = self._clock()
        with self._store.begin() as work:
            whose = _known(work, person_id)
            AuditRows(work.connection).write(by, "person.exported", whose.label, {}, now)
        with self._store.reading() as connection:
            held = PersonalRows(connection).held(whose)
        return _json({"exported_at": now, "account": _account(whose), **held})

    def erase(self, person_id: int, by: Principal) -> Mapping[str, int]:
        """Of an account that was ended. How much went. Raises NoSuchPerson, NotEnded."""
        now = self._clock()
        with self._store.begin() as work:
            whose = _known(work, person_id)
            if whose.active:
                raise NotEnded(f"{whose.login} can still sign in: end the account first")
            if whose.is_erased:
                return {}
            gone = PersonalRows(work.connection).erase(whose)
            AuditRows(work.connection).write(by, "person.erased", whose.label, dict(gone), now)
        return gone

    def named(self, text: str, by: Principal) -> bytes | None:
        """Where a name or a phone number stands, as JSON; None: too short to look for."""
        text = " ".join(text.split())
        if len(text) < _SHORTEST:
            return None
        now = self._clock()
        with self._store.begin() as work:
            AuditRows(work.connection).write(by, "person.looked_for", "people", {}, now)
        with self._store.reading() as connection:
            return _json({"exported_at": now, "looked_for": text, **PersonalRows(connection).naming(text)})


def _known(work: UnitOfWork, person_id: int) -> Person:
    found = PersonRows(work.connection).get(person_id)
    if found is None:
        raise NoSuchPerson(f"there is no person {person_id}")
    return found


def _account(whose: Person) -> Held:
    place = whose.place
    return {
        "number": whose.id,
        "login": whose.login,
        "name": place.name,
        "roles": sorted(place.roles),
        "school": place.school,
        "districts": None if place.groups is None else sorted(place.groups),
        "active": whose.active,
        "created_at": whose.created_at,
        "signed_in_at": whose.signed_in_at,
        "openid": None if whose.issuer is None else {"issuer": whose.issuer, "subject": whose.subject},
    }


def _json(told: Held) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
