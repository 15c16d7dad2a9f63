"""What an operator may set about reports. Values only."""

from pydantic import BaseModel, ConfigDict, Field


class ReportSettings(BaseModel):
    """What counts as working, and what is a small school: [reports] of hub.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    works_from_pct: float = Field(
        95.0,
        gt=0,
        le=100,
        description="The DLTV of a school works in a period when its rooms could show the lesson for so much of class; rain "
        "and the sun alone take less than the rest.",
    )
    small_pupils: int = Field(
        120, ge=1, description="A school of at most so many pupils is a small one, as the ministry counts."
    )
