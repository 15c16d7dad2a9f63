"""Keys in the address of a feed: a feed reader cannot sign in, and may keep its addresses where others see them.

A key belongs to a person and opens the feed and nothing else, as long as the person may see it. It is not kept: it is computed
from the hub's secret, and changes with the person's password.
"""

import hashlib
import hmac

from starlette.requests import Request

from hub.accounts.person import Person
from hub.accounts.service import Accounts
from hub.core.people import Permission, Principal, PrincipalKind

PARAMETER = "key"
_MOST_DIGITS = 18


class FeedKeys:
    def __init__(self, accounts: Accounts, secret: bytes) -> None:
        self._accounts, self._secret = accounts, secret

    def key_of(self, principal: Principal) -> str | None:
        """For whoever has an account."""
        person = self._accounts.people.get(int(principal.id)) if principal.kind is PrincipalKind.PERSON else None
        return None if person is None else self._key(person)

    def opens(self, request: Request) -> bool:
        """Whether the address has the key of somebody who may read it."""
        return self.owner(request) is not None

    def owner(self, request: Request) -> Principal | None:
        """Whose key the address has, if they may read it: as far as their districts go."""
        given = request.query_params.get(PARAMETER, "")
        number = given.partition(".")[0]
        if not number.isascii() or not number.isdecimal() or len(number) > _MOST_DIGITS:
            return None
        person = self._accounts.people.get(int(number))
        if person is None or not hmac.compare_digest(self._key(person).encode(), given.encode()):
            return None
        return person.principal if person.active and person.principal.may(Permission.SEE_REPORTS) else None

    def _key(self, person: Person) -> str:
        words = f"incidents.atom\n{person.id}\n{person.password or ''}"
        return f"{person.id}.{hmac.new(self._secret, words.encode(), hashlib.sha256).hexdigest()}"
