"""What an office may set about the need for replacement: [needs] of hub.toml. Values only."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class NeedSettings(BaseModel):
    """When something speaks for a repair or a replacement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: int = Field(24, ge=1, le=120, description="How far back faults, downtime and repair costs are looked at.")
    many_faults: int = Field(3, ge=1, description="So many faults in these months speak for a replacement.")
    down_days: float = Field(10.0, gt=0, description="So many days out of order in these months do as well.")
    costly_share: float = Field(
        0.5,
        gt=0,
        le=2,
        description="Repairs that cost such a share of a new one are not worth it any more; half of that share is a warning.",
    )
    lamp_pct: float = Field(80.0, gt=0, le=100, description="From here on a projector's lamp is watched.")
    disk_pct: float = Field(80.0, gt=0, le=100, description="From here on a computer's disk is watched.")
    support_ends: Mapping[str, date] = Field(
        default_factory=dict,
        description='When the maker ends support, by profile or kind: `"lg/rs232" = 2027-12-31`.',
    )
