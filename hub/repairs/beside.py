"""What stands beside a repair: its readings, how urgent it is, and what the hub would choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.core.assets import Asset, Standing
from hub.repairs.priority import Priority
from hub.repairs.suggesting import Suggested
from hub.repairs.verifying import Verdict, Verified


@dataclass(frozen=True, slots=True)
class Beside:
    """suggests: values for fields that nobody has filled; told: what the readings said when it was last checked"""

    token: str
    priority: Priority
    verified: Verified
    ticket: int | None = None
    told: str | None = None
    checked_at: int | None = None
    asset: Asset | None = None
    standing: Standing | None = None
    technician: Suggested | None = None
    suggests: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return self.verified.verdict is Verdict.WELL
