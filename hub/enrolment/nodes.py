"""Which node a new computer of a school becomes, and for which of the wished ones there is none."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from hub.core.equipment import NodeKey


class Purpose(Enum):
    """What a code is for."""

    FIRST = "first"
    """The computer of a school that has none."""
    FURTHER = "further"
    """One more."""
    REPLACE = "replace"
    """In place of the one that has this name: when it comes, the earlier one is shut out."""


class Skipped(Enum):
    """Why no code was made."""

    UNKNOWN_SCHOOL = "unknown_school"
    HAS_COMPUTER = "has_computer"
    NO_COMPUTER = "no_computer"
    NAME_TAKEN = "name_taken"
    """Another district, or the hub itself, is known to the brokers by this name."""
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a group.

    schools  codes in the register; empty: there is no register, and any school may come
    active   nodes with a certificate that counts
    ever     nodes that had one at any time, or have an open code
    taken    names that stand for somebody else
    """

    schools: Collection[str] = field(default_factory=frozenset)
    active: Collection[str] = field(default_factory=frozenset)
    ever: Collection[str] = field(default_factory=frozenset)
    taken: Collection[str] = field(default_factory=frozenset)


def choose_node(wanted: str, purpose: Purpose, known: Known) -> str | Skipped:
    """`wanted` is a school's code; where a computer is replaced, its name."""
    school = NodeKey("", wanted).school if purpose is Purpose.REPLACE else wanted
    if known.schools and school not in known.schools:
        return Skipped.UNKNOWN_SCHOOL
    if purpose is Purpose.REPLACE and wanted not in known.ever:
        return Skipped.NO_COMPUTER
    if purpose is Purpose.FIRST and wanted in known.active:
        return Skipped.HAS_COMPUTER
    name = next_name(wanted, known.ever) if purpose is Purpose.FURTHER else wanted
    return Skipped.NAME_TAKEN if name in known.taken else name


def next_name(school: str, ever: Collection[str]) -> str:
    """The school's code, then with -2, -3 …; a name that was somebody's is not given again."""
    number = 1
    name = school
    while name in ever:
        number += 1
        name = f"{school}-{number}"
    return name
