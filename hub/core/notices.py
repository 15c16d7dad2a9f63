"""Who asked to be told of incidents, and what waits to be told to them. Values; the words are chosen at the edge."""

from dataclasses import dataclass
from enum import Enum


class Turn(Enum):
    """What of an incident is told: that it has begun, or that it is over (or was none after all)."""

    BEGUN = "begun"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Person:
    """Is told of incidents of these causes that last for at least `after_ms`."""

    address: str
    language: str
    causes: frozenset[str]
    after_ms: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is to be told of one incident now, in one letter.

    cause, start  as they were last, for an incident that is no more
    """

    address: str
    group: str
    key: str
    turns: frozenset[Turn]
    cause: str
    start: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words. `message_id`: the same letter, sent again, has the same."""

    to: str
    language: str
    subject: str
    body: str
    message_id: str
