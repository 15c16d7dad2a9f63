"""What happens in a roll-out, one after the other: with these it can be told again from its beginning."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """Of what an event tells."""

    WAVE = "wave"
    """these computers get it now"""
    ASKED = "asked"
    """the computer was commanded to take it"""
    HEALTHY = "healthy"
    FAILED = "failed"
    STOPPED = "stopped"
    """by itself, because too many failed"""
    PAUSED = "paused"
    RESUMED = "resumed"
    ABORTED = "aborted"
    FINISHED = "finished"


class Reason(StrEnum):
    """Why a computer counts as healthy or failed."""

    TOLD = "told"
    """its updater told so"""
    REPORTS = "reports"
    """it reports with the new version"""
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"
    FAILED = "failed"
    SLOW = "slow"
    """online, and did not tell in time"""
    SILENT = "silent"
    """it was asked, and was not heard again"""


@dataclass(frozen=True, slots=True)
class Event:
    """`nodes` of a wave, `node` of what befalls one, `who` of what a person did, `why` as a device told it."""

    what: What
    at: int
    node: str | None = None
    nodes: tuple[str, ...] = ()
    reason: Reason | None = None
    why: str = ""
    who: str = ""
