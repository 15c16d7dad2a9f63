"""What a node's being away was, told by what it says at its return.

Each cause that explains an absence is one declaration; the first that fits, by `rank`, is it.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AbsenceEvidence:
    """A node was away from `start` to `end` (event times).

    booted_at    when its computer started, by the uptime that it told at its return; None where it did not tell
    history      it has reports from the time in which it was away, of before its computer started
    slack_ms     how much earlier than `start` a computer may have lost its power
    """

    start: int
    end: int
    booted_at: int | None
    history: bool
    slack_ms: int

    @property
    def restarted(self) -> bool | None:
        """Whether its computer started anew meanwhile; None where nothing tells."""
        if self.history:
            # It went on reporting after it was lost: if its school switched it off at night meanwhile, that was not why.
            return False
        return None if self.booted_at is None else self.booted_at >= self.start - self.slack_ms


@dataclass(frozen=True, slots=True)
class Absence:
    """A cause of absence.

    code       its name in the causes contract
    explains   whether it does
    dark       the lesson could not be shown meanwhile
    recurring  it becomes a repair where it keeps coming back
    """

    code: str
    explains: Callable[[AbsenceEvidence], bool]
    dark: bool
    recurring: bool = False
