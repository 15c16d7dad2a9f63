"""API tokens: programs that act for a person, with part of what that person may, until a day that is set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.accounts.audit import Details
from hub.accounts.errors import NoSuchPerson, ScopesRefused
from hub.accounts.person import printable
from hub.accounts.records import Book, Records, Token
from hub.accounts.secret import Chance, digest, is_token, new_token
from hub.accounts.settings import DAY_MS, MINUTE_MS
from hub.core.people import Permission, Principal, PrincipalKind

LONGEST_DAYS = 366
_TOUCH_MS = 10 * MINUTE_MS
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. Its secret is shown once, now."""

    secret: str = field(repr=False)
    token: Token


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be for."""

    person_id: int
    name: str
    scopes: frozenset[Permission]
    days: int

    @property
    def expires_after(self) -> int:
        return min(max(1, self.days), LONGEST_DAYS) * DAY_MS


class Tokens:
    """Keeps nothing between calls."""

    def __init__(self, book: Book, chance: Chance) -> None:
        self._book, self._chance = book, chance

    def issue(self, by: Principal, wish: Wish, now: int) -> Issued:
        """Raises NoSuchPerson, ScopesRefused."""
        secret = new_token(self._chance)
        name = printable(wish.name)[:_LONGEST_NAME]
        with self._book.begin() as records:
            _require_scopes(records, wish)
            token = Token(digest(secret), wish.person_id, name, wish.scopes, now, now + wish.expires_after)
            number = records.tokens.add(token)
            details: Details = {"person": wish.person_id, "scopes": _words(wish.scopes), "expires_at": token.expires_at}
            records.audit.write(by, "token.issued", f"token:{number}", details, now)
            kept = records.tokens.get(number)
        assert kept is not None
        return Issued(secret, kept)

    def resolve(self, secret: str, now: int) -> Principal | None:
        """Who has this token; None where it is none, is over or revoked, or its owner may have none any more."""
        if not is_token(secret):
            return None
        with self._book.reading() as records:
            token = records.tokens.by_digest(digest(secret))
            principal = None if token is None or not token.is_valid(now) else _principal(records, token)
        if token is not None and principal is not None and now - (token.used_at or 0) >= _TOUCH_MS:
            with self._book.begin() as records:
                records.tokens.touch(token.id, now)
        return principal

    def all(self, person_id: int | None = None) -> Sequence[Token]:
        """Of one person or of all, the newest first."""
        with self._book.reading() as records:
            return records.tokens.all(person_id)

    def revoke(self, by: Principal, token_id: int, now: int, *, of: int | None = None) -> bool:
        """Whether there was one to revoke. `of`: only where it belongs to this person."""
        with self._book.begin() as records:
            token = records.tokens.get(token_id)
            if token is None or (of is not None and token.person_id != of) or not records.tokens.revoke(token_id, now):
                return False
            records.audit.write(by, "token.revoked", f"token:{token_id}", {"person": token.person_id}, now)
            return True


def _require_scopes(records: Records, wish: Wish) -> None:
    person = records.people.get(wish.person_id)
    if person is None or not person.active:
        raise NoSuchPerson(f"there is no person {wish.person_id} with an account")
    if not wish.scopes:
        raise ScopesRefused("a token without scopes may nothing: name at least one")
    owner = person.principal
    if not owner.may(Permission.USE_API):
        raise ScopesRefused(f"{person.login} has no role that may have tokens")
    if over := [each for each in sorted(wish.scopes) if not owner.may(each)]:
        raise ScopesRefused(f"{person.login} may not {', '.join(over)} either")


def _principal(records: Records, token: Token) -> Principal | None:
    person = records.people.get(token.person_id)
    if person is None or not person.active or not person.principal.may(Permission.USE_API):
        return None
    place = person.place
    return Principal(
        PrincipalKind.TOKEN, str(token.id), token.name, place.roles, place.school, place.groups, token.scopes
    )


def _words(scopes: Iterable[Permission]) -> list[str]:
    return sorted(map(str, scopes))
