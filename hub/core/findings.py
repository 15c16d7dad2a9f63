"""What detection tells the tickets: a sign of a fault appeared, or is gone."""

from dataclasses import dataclass

from hub.core.equipment import DeviceKey
from hub.core.texts import Text


@dataclass(frozen=True, slots=True)
class FindingOpened:
    """A sign has held for long enough.

    cause      code of the causes contract, e.g. tv_failed
    sign       which of the cause's signs it is, e.g. silent
    onset_at   event time at which it began, ms
    opened_at  event time at which the hub knew enough, ms
    evidence   the numbers it was opened on
    """

    device: DeviceKey
    cause: str
    sign: str
    onset_at: int
    opened_at: int
    evidence: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FindingCleared:
    """The sign is gone since `cleared_at` (event time, ms)."""

    device: DeviceKey
    cause: str
    sign: str
    cleared_at: int
    evidence: tuple[Text, ...]


Finding = FindingOpened | FindingCleared
