"""What becomes of something that is sent: it was taken, it is tried again, it is given up, or nobody can know.

A row is claimed before anything is sent. What a hub that was killed had claimed is looked at after its start: by a way whose
receiver knows the same letter again it is sent once more, by any other it stays `unsure` until a person decides.
"""

from dataclasses import dataclass
from enum import StrEnum

_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1_000, 60_000, 3_600_000
BACK_OFF_MS = (
    *(15 * _SECOND_MS, 2 * _MINUTE_MS, 10 * _MINUTE_MS, 30 * _MINUTE_MS),
    *(2 * _HOUR_MS, 5 * _HOUR_MS, 10 * _HOUR_MS),
)
"""The waits after the first failures; after the last of them it is given up."""


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """claimed: somebody is at it"""
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    """it may have been taken: only a person sends it again"""
    DROPPED = "dropped"
    """its way was taken away before"""


class Outcome(StrEnum):
    """What a way says of something that was sent."""

    TAKEN = "taken"
    LATER = "later"
    """not taken now"""
    REFUSED = "refused"
    """never"""
    UNSURE = "unsure"
    """no answer came after it was sent"""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is noted of a delivery. due_at: when it is tried again."""

    state: State
    tries: int
    due_at: int | None = None


def settled(outcome: Outcome, tries: int, now: int, *, known_again: bool) -> Settled:
    """After one more try. known_again: the receiver takes the same letter only once."""
    tries += 1
    if outcome is Outcome.TAKEN:
        return Settled(State.SENT, tries)
    if outcome is Outcome.REFUSED:
        return Settled(State.FAILED, tries)
    if outcome is Outcome.UNSURE and not known_again:
        return Settled(State.UNSURE, tries)
    if tries > len(BACK_OFF_MS):
        return Settled(State.FAILED, tries)
    return Settled(State.WAITING, tries, now + BACK_OFF_MS[tries - 1])


def after_a_kill(*, known_again: bool) -> State:
    """What becomes of what was claimed by a hub that is no more."""
    return State.WAITING if known_again else State.UNSURE
