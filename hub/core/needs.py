"""What is to become of an asset, and why. What leads there: hub/needs; plans made of it: hub/allocation."""

from dataclasses import dataclass
from enum import StrEnum

from hub.core.texts import Text


class Advice(StrEnum):
    """The most urgent first."""

    REPLACE = "replace"
    REPAIR = "repair"
    WATCH = "watch"
    KEEP = "keep"


URGENCY = {advice: place for place, advice in enumerate(Advice)}


@dataclass(frozen=True, slots=True)
class Need:
    """Of one asset, or of a device that is not in the register and cannot be repaired.

    key           asset:<id> or opened:<id>
    score         points of the reasons: the higher, the more is said
    fiscal_year   in which something is to be done: now, or when it will be too old
    price_satang  of a new one, where the price list of that year names one
    lost_min      lesson minutes that its room lost to faults in the months that are looked at
    request       number of the repair that found it irreparable
    opened        id of the need that this repair opened
    """

    key: str
    group: str
    school: str
    kind: str
    advice: Advice
    score: int
    reasons: tuple[Text, ...]
    fiscal_year: int
    asset: int | None = None
    number: str | None = None
    name: str = ""
    school_name: str | None = None
    room: str | None = None
    device: str | None = None
    price_satang: int | None = None
    pupils: int | None = None
    lost_min: float = 0.0
    request: str | None = None
    opened: int | None = None

    @property
    def rank(self) -> tuple[int, int, int, float, str]:
        """Sorts the most urgent first: by need, then pupils, then lesson minutes lost; the key makes it certain."""
        return URGENCY[self.advice], -self.score, -(self.pupils or 0), -self.lost_min, self.key
