"""What a trial of other settings shows: which tickets would come and go."""

from dataclasses import dataclass

from hub.core.findings import Place


@dataclass(frozen=True, slots=True)
class TrialTicket:
    """A ticket of one of the two runs."""

    place: Place
    cause: str
    onset_at: int
    opened_at: int


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """The same weeks judged twice.

    come   tickets that only the other settings open
    go     tickets that only the settings of now open
    moved  (now, then): opened by both, at another time
    same   how many would be as they are
    """

    come: tuple[TrialTicket, ...]
    go: tuple[TrialTicket, ...]
    moved: tuple[tuple[TrialTicket, TrialTicket], ...]
    same: int
