"""What a computer told last of one kind of thing that it was given."""

from dataclasses import dataclass

from hub.rollouts.events import Reason
from hub.rollouts.rollout import Kind


@dataclass(frozen=True, slots=True)
class Told:
    """reason TOLD: it is well; why: in its own words (English)."""

    kind: Kind
    version: str
    reason: Reason
    why: str
    at: int
