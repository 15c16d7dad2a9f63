"""People of an OpenID provider: found by (issuer, subject) and by nothing else, with the roles that the provider tells.

An account of the same login is somebody else: whoever can choose a name at the provider must not thereby become an admin here.
What the provider says holds: roles that were changed here are told anew at each sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.audit import Details
from hub.accounts.errors import LoginRefused
from hub.accounts.people import replace_place
from hub.accounts.person import Person, Place, login_of, name_of
from hub.accounts.records import Book, Records
from hub.accounts.session import Visitor
from hub.accounts.settings import OidcSettings
from hub.accounts.signing import SignIn, Signing, SignInResult
from hub.core.people import Role

_MOST_OF_A_NAME = 1000


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, as the provider tells of them in a token that was checked."""

    issuer: str
    subject: str
    login: str
    name: str
    roles: frozenset[Role]
    school: str | None = None


def identity_of(claims: Mapping[str, Any], settings: OidcSettings) -> Identity:
    """From the claims of a checked ID token. `iss` and `sub` are there, or the token would not have been good."""
    school = _claim(claims, settings.school_claim) if settings.school_claim else None
    told = _claim(claims, settings.roles_claim)
    values = told if isinstance(told, list) else [told]
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        login=_text(claims.get("preferred_username") or claims.get("email")),
        name=_text(claims.get("name")),
        roles=frozenset(settings.roles[each] for each in values if isinstance(each, str) and each in settings.roles),
        school=school if isinstance(school, str) and school else None,
    )


class Outside:
    """Keeps nothing between calls."""

    def __init__(self, book: Book, signing: Signing) -> None:
        self._book, self._signing = book, signing

    def sign_in(self, identity: Identity, visitor: Visitor, now: int) -> SignIn:
        """OPENED, NO_ROLE or INACTIVE. Whoever comes for the first time gets an account."""
        with self._book.begin() as records:
            person = records.people.by_identity(identity.issuer, identity.subject)
            refused = _refusal(identity, person)
            if refused is not None:
                subject = person.label if person is not None else ""
                records.audit.write("nobody", f"sign_in.{refused.value}", subject, {"issuer": identity.issuer}, now)
                return SignIn(refused)
            person = _made(records, identity, now) if person is None else _as_told(records, identity, person, now)
            return self._signing.open(records, person, visitor, now)


def _refusal(identity: Identity, person: Person | None) -> SignInResult | None:
    if person is not None and not person.active:
        return SignInResult.INACTIVE
    return None if identity.roles else SignInResult.NO_ROLE


def _as_told(records: Records, identity: Identity, person: Person, now: int) -> Person:
    place = replace(person.place, roles=identity.roles, school=identity.school or person.place.school)
    place = replace(place, name=name_of(identity.name, person.login))
    if place != person.place:
        replace_place(records, "hub", person, place, now)
    return replace(person, place=place)


def _made(records: Records, identity: Identity, now: int) -> Person:
    for login in _logins(identity.login):
        place = Place(name_of(identity.name, login), identity.roles, identity.school)
        who = Person(login, place, issuer=identity.issuer, subject=identity.subject, created_at=now)
        person_id = records.people.add(who)
        if person_id is not None:
            details: Details = {"roles": sorted(map(str, identity.roles)), "issuer": identity.issuer}
            records.audit.write("hub", "person.made", f"person:{person_id}", details, now)
            return replace(who, id=person_id)
    raise LoginRefused(f"there are more than {_MOST_OF_A_NAME} people of this login")


def _logins(wish: str) -> list[str]:
    """The login that somebody has elsewhere, or that with a number: it may be taken here, by somebody else."""
    try:
        login = login_of(wish)
    except LoginRefused:
        login = "person"
    return [login, *(f"{login[:58]}-{number}" for number in range(2, _MOST_OF_A_NAME))]


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """What stands at a path of dots; a name that has dots itself, such as an address, is looked for as it is first."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
