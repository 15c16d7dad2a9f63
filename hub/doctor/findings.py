"""What the doctor says: one line each, and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    GOOD = "ok"
    DOUBTFUL = "warning"
    BAD = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """way_out: what to do about it; empty where nothing is to be done"""

    level: Level
    about: str
    what: str
    way_out: str = ""


def good(about: str, what: str) -> Finding:
    return Finding(Level.GOOD, about, what)


def doubtful(about: str, what: str, way_out: str) -> Finding:
    return Finding(Level.DOUBTFUL, about, what, way_out)


def bad(about: str, what: str, way_out: str) -> Finding:
    return Finding(Level.BAD, about, what, way_out)


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Lines for a person."""
    for each in findings:
        yield f"{each.level.value:8} {each.about}: {each.what}"
        if each.way_out:
            yield f"{'':8}   -> {each.way_out}"
