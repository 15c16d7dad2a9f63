"""All that can be asked of the accounts, assembled. The web and the commands are given one of these."""

from dataclasses import dataclass

from hub.accounts.links import Links
from hub.accounts.outside import Outside
from hub.accounts.people import People
from hub.accounts.records import Book, Passwords
from hub.accounts.secret import Chance
from hub.accounts.settings import DAY_MS, HOUR_MS, AccountsSettings
from hub.accounts.signing import Signing
from hub.accounts.tokens import Tokens

_KNOWN_DAYS = 30
"""How long an address from which somebody has signed in is known."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The parts share one book."""

    settings: AccountsSettings
    book: Book
    signing: Signing
    links: Links
    people: People
    outside: Outside
    tokens: Tokens

    @classmethod
    def on(cls, book: Book, passwords: Passwords, settings: AccountsSettings, chance: Chance) -> "Accounts":
        signing = Signing(book, passwords, settings, chance)
        return cls(
            settings=settings,
            book=book,
            signing=signing,
            links=Links(book, signing, settings.links, chance),
            people=People(book),
            outside=Outside(book, signing),
            tokens=Tokens(book, chance),
        )

    def tidy(self, now: int) -> None:
        """Forget what nobody needs any more: sessions, links and failures that are over. The audit has its own (Store)."""
        kept = int(max(_KNOWN_DAYS, self.settings.session.longest_days) * DAY_MS)
        with self.book.begin() as records:
            records.sessions.prune(now - kept)
            records.links.prune(now - kept)
            records.failures.prune(now - self.settings.password.forget_h * HOUR_MS)
