"""A person who may sign in, and the name to do it by."""

import re
import unicodedata
from dataclasses import dataclass, field

from hub.accounts.errors import LoginRefused
from hub.core.people import Principal, PrincipalKind, Role

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is called, does and belongs to: what an admin may change of them.

    school   code of the own school
    groups   the districts that they are limited to; None: all
    """

    name: str
    roles: frozenset[Role]
    school: str | None = None
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An account.

    password          as hashed; None: cannot sign in by a password (not yet, or by an OpenID provider)
    issuer, subject   who they are to an OpenID provider
    """

    login: str
    place: Place
    active: bool = True
    password: str | None = field(default=None, repr=False)
    issuer: str | None = None
    subject: str | None = None
    created_at: int = 0
    signed_in_at: int | None = None
    id: int = 0

    @property
    def principal(self) -> Principal:
        place = self.place
        return Principal(PrincipalKind.PERSON, str(self.id), place.name, place.roles, place.school, place.groups)

    @property
    def label(self) -> str:
        """How the audit names them as the subject of a deed."""
        return f"person:{self.id}"

    @property
    def is_erased(self) -> bool:
        """Only a number is left: everybody else has a role."""
        return not self.active and not self.place.roles

    @property
    def is_admin(self) -> bool:
        return self.active and Role.ADMIN in self.place.roles


def login_of(text: str) -> str:
    """A login as it is kept and compared: whoever types it in capitals is the same. Raises LoginRefused."""
    login = normal_login(text)
    if not _LOGIN.fullmatch(login):
        raise LoginRefused("a login is 2 to 64 of a-z 0-9 . _ @ + - and begins with a letter or digit")
    return login


def normal_login(text: str) -> str:
    """The same, of what somebody typed who wants to sign in."""
    return printable(unicodedata.normalize("NFKC", text)).casefold()[:_LONGEST_NAME]


def name_of(text: str, login: str) -> str:
    """A name to be shown; without one the login."""
    return printable(text)[:_LONGEST_NAME] or login


def printable(text: str) -> str:
    """One line of what can be shown and kept."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())
