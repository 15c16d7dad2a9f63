"""The record of what changed trust: each entry carries a hash over the one before and its own canonical JSON.

Whoever changes, drops, adds or swaps an entry breaks the chain from there on, and `first_break` names the place. What a hash
chain alone cannot show, a chain that was made anew from some entry on, shows whoever has noted a head elsewhere (`Head`).

Everything that changes trust (signing in, people, tokens, enrolling, revoking, releasing, importing) is written through the port
`Audit`, with codes and numbers and never with secrets or names of persons. There are two of it in the store: one within the
caller's transaction (hub.store.audit.AuditRows) for what must not happen unrecorded, one with a transaction of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.people import Principal

BEGINNING = "0" * 64
"""The hash before the first entry."""
_LONGEST = 300

Detail = str | int | bool | None | Sequence[str] | Sequence[int]
Details = Mapping[str, Detail]


class Audit(Protocol):
    """Where deeds are written."""

    def write(self, who: Principal | str, what: str, subject: str, details: Details, at: int) -> None:
        """Add an entry.

        who      whoever did it; a str where there is none, such as "hub" or "device:36030001"
        what     a code, `sign_in.wrong`, `node.revoked`: words live in the catalogues
        subject  to what it was done, kind and id: `person:7`, `node:cpm3/36030001`
        details  what else is to be known; never a secret
        at       ms
        """


@dataclass(frozen=True, slots=True)
class Deed:
    """What `Audit.write` is told."""

    who: Principal | str
    what: str
    subject: str
    details: Details
    at: int


@dataclass(frozen=True, slots=True)
class Head:
    """An entry as it is noted elsewhere: its number and hash."""

    number: int = 0
    hash: str = BEGINNING

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `details` is the canonical JSON that was hashed, letter for letter."""

    number: int
    at: int
    who: str
    what: str
    subject: str
    details: str
    hash: str

    @property
    def head(self) -> Head:
        return Head(self.number, self.hash)


def chained(before: Head, deed: Deed) -> Entry:
    """The entry that comes after `before`."""
    who = deed.who.label if isinstance(deed.who, Principal) else deed.who
    details = canonical({key: _clipped(value) for key, value in deed.details.items()})
    words = (who, deed.what, deed.subject[:_LONGEST], details)
    number = before.number + 1
    return Entry(number, deed.at, *words, entry_hash(before.hash, number, deed.at, words))


def entry_hash(before: str, number: int, at: int, words: tuple[str, str, str, str]) -> str:
    """Over the hash before and (number, at, who, what, subject, details)."""
    return hashlib.sha256(f"{before}\n{canonical([number, at, *words])}".encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with one way to write it: sorted keys, no spaces, ASCII. Raises TypeError for what is none."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def first_break(before: Head, entries: Iterable[Entry], end: Head) -> int | None:
    """The number of the first entry that is not as it was written, or is missing; None where the chain holds.

    before   where the chain begins: what stood before the oldest entry that is kept
    entries  in order of their numbers
    end      the last entry that was written
    """
    at = before
    for entry in entries:
        words = (entry.who, entry.what, entry.subject, entry.details)
        if entry.number != at.number + 1 or entry.hash != entry_hash(at.hash, entry.number, entry.at, words):
            return at.number + 1
        at = entry.head
    return None if at == end else min(at.number, end.number) + 1


def _clipped(value: Detail) -> Detail:
    return value[:_LONGEST] if isinstance(value, str) else value
