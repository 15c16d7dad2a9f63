"""Whether a repair is done, by what the readings say: the signal is back to its baseline, not yet, or nobody can tell."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    WELL = "well"
    """all signs are gone: every reading is back to where it used to be"""
    NOT_YET = "not_yet"
    SILENT = "silent"
    """nothing is heard from there, so that nothing can be said"""
    UNWATCHED = "unwatched"
    """no readings tell of it: people look"""


@dataclass(frozen=True, slots=True)
class Signs:
    """Of a ticket. heard: its agent is there and says something"""

    recovered_at: int | None
    standing: tuple[str, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """since: it is well; standing: signs that are not gone yet"""

    verdict: Verdict
    since: int | None = None
    standing: tuple[str, ...] = ()


def verified(signs: Signs | None) -> Verified:
    """signs  None: there is no ticket, the readings tell nothing of it"""
    if signs is None:
        return Verified(Verdict.UNWATCHED)
    if signs.recovered_at is not None:
        return Verified(Verdict.WELL, signs.recovered_at)
    return Verified(Verdict.NOT_YET if signs.heard else Verdict.SILENT, None, signs.standing)
