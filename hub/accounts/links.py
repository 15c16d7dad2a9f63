"""One-time links: the first admin, an invitation, a new password. Whoever has one needs no other proof, once.

The path that the web gives them is PATH + secret. No default password exists anywhere: before the first admin is there, the only
way in is a link that was shown to whoever can read the hub's own output.
"""

from dataclasses import dataclass, field, replace

from hub.accounts.errors import LinkRefused, LoginTaken, NoSuchPerson
from hub.accounts.person import Person, Place, login_of, name_of
from hub.accounts.records import Book, Link, Purpose, Records
from hub.accounts.secret import Chance, digest, is_secret, new_secret
from hub.accounts.session import Visitor
from hub.accounts.settings import DAY_MS, HOUR_MS, LinkSettings
from hub.accounts.signing import SignIn, Signing
from hub.core.people import Principal, Role

PATH = "/link/"


@dataclass(frozen=True, slots=True)
class Made:
    """A link for somebody: to be handed over by the one who asked for it."""

    secret: str = field(repr=False)
    expires_at: int
    person_id: int | None = None

    def url(self, base: str) -> str:
        """`base`: where people reach the pages, without a slash at its end."""
        return f"{base}{PATH}{self.secret}"


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link is for, to whoever has it. `person` is None for an admin who is to choose a login."""

    purpose: Purpose
    person: Person | None
    expires_at: int


class Links:
    """Keeps nothing between calls."""

    def __init__(self, book: Book, signing: Signing, settings: LinkSettings, chance: Chance) -> None:
        self._book, self._signing, self._settings, self._chance = book, signing, settings, chance

    def first_admin(self, now: int) -> Made | None:
        """For the start of the hub: a link where nobody could manage people otherwise. Those of former starts are void."""
        with self._book.begin() as records:
            return None if records.people.admins() else self._admin(records, "hub", now)

    def admin(self, by: Principal, now: int) -> Made:
        """One more admin, whoever is one already: the way back in, for who sits at the hub's own machine."""
        with self._book.begin() as records:
            return self._admin(records, by, now)

    def invite(self, by: Principal, login: str, place: Place, now: int) -> Made:
        """A new person, and the link by which they set their password. Raises LoginRefused, LoginTaken."""
        login = login_of(login)
        person = Person(login, replace(place, name=name_of(place.name, login)), created_at=now)
        with self._book.begin() as records:
            person_id = records.people.add(person)
            if person_id is None:
                raise LoginTaken(f"the login {login} is taken")
            roles = sorted(place.roles)
            records.audit.write(by, "person.invited", f"person:{person_id}", {"roles": list(map(str, roles))}, now)
            return self._made(records, Purpose.INVITATION, person_id, now)

    def reset(self, by: Principal, person_id: int, now: int) -> Made:
        """The old password holds no longer, sessions end; the link sets a new one. Raises NoSuchPerson."""
        with self._book.begin() as records:
            person = records.people.get(person_id)
            if person is None or not person.active:
                raise NoSuchPerson(f"there is no person {person_id} with an account")
            records.people.set_password(person_id, None)
            ended = records.sessions.end_all(person_id, now)
            records.audit.write(by, "person.reset", person.label, {"sessions": ended}, now)
            for purpose in (Purpose.INVITATION, Purpose.RESET):
                records.links.void(purpose, person_id, now)
            return self._made(records, Purpose.RESET, person_id, now)

    def look(self, secret: str, now: int) -> LinkView | None:
        """What the link is for; None where it is good for nothing."""
        with self._book.reading() as records:
            try:
                link, person = _open(records, secret, now)
            except LinkRefused:
                return None
        return LinkView(link.purpose, person, link.expires_at)

    def redeem(self, secret: str, password: str, visitor: Visitor, now: int, new: tuple[str, str] = ("", "")) -> SignIn:
        """Set the password and sign in: OPENED. `new`: login and name of an admin who is to be made.

        Raises LinkRefused, PasswordRefused, LoginRefused, LoginTaken, TooBusy; the link can be used again after the last four.
        """
        with self._book.reading() as records:
            _, person = _open(records, secret, now)
        self._signing.require_strong(password, person or _admin_to_be(new, now))
        hashed = self._signing.hash(password)
        with self._book.begin() as records:
            link, person = _open(records, secret, now)
            if person is None:
                person = _made_admin(records, new, now)
            if not records.links.use(link.id, now):
                raise LinkRefused("the link was used meanwhile")
            records.people.set_password(person.id, hashed)
            records.sessions.end_all(person.id, now)
            records.audit.write(person.principal, "link.used", person.label, {"purpose": link.purpose.value}, now)
            return self._signing.open(records, person, visitor, now)

    def _admin(self, records: Records, by: Principal | str, now: int) -> Made:
        records.links.void(Purpose.ADMIN, None, now)
        records.audit.write(by, "link.admin", "", {}, now)
        return self._made(records, Purpose.ADMIN, None, now)

    def _made(self, records: Records, purpose: Purpose, person_id: int | None, now: int) -> Made:
        secret, expires_at = new_secret(self._chance), now + self._life(purpose)
        records.links.add(Link(digest(secret), purpose, person_id, now, expires_at))
        return Made(secret, expires_at, person_id)

    def _life(self, purpose: Purpose) -> int:
        lives = {
            Purpose.ADMIN: self._settings.admin_h * HOUR_MS,
            Purpose.INVITATION: self._settings.invitation_days * DAY_MS,
            Purpose.RESET: self._settings.reset_h * HOUR_MS,
        }
        return int(lives[purpose])


def _open(records: Records, secret: str, now: int) -> tuple[Link, Person | None]:
    """The link and the person it is for. Raises LinkRefused."""
    link = records.links.by_digest(digest(secret)) if is_secret(secret) else None
    if link is None or not link.is_open(now):
        raise LinkRefused("the link was used already or is over; ask for a new one")
    person = records.people.get(link.person_id) if link.person_id is not None else None
    if link.person_id is not None and (person is None or not person.active):
        raise LinkRefused("the account was ended")
    return link, person


def _admin_to_be(new: tuple[str, str], now: int) -> Person:
    login = login_of(new[0])
    return Person(login, Place(name_of(new[1], login), frozenset({Role.ADMIN})), created_at=now)


def _made_admin(records: Records, new: tuple[str, str], now: int) -> Person:
    person = _admin_to_be(new, now)
    person_id = records.people.add(person)
    if person_id is None:
        raise LoginTaken(f"the login {person.login} is taken")
    made = replace(person, id=person_id)
    records.audit.write(made.principal, "person.made", made.label, {"roles": [Role.ADMIN.value]}, now)
    return made
