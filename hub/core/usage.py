"""What an operator may set about the use of equipment: [usage] of hub.toml."""

from pydantic import BaseModel, ConfigDict, Field


class UsageSettings(BaseModel):
    """When a set counts as idle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idle_class_days: int = Field(
        15,
        ge=1,
        description="A room whose receiver has lock but which has shown nothing for three weeks of class has equipment that a "
        "school in need could use; examinations and camps take a week or two.",
    )
    window_days: int = Field(
        120,
        ge=7,
        le=400,
        description="How far back the use of a room is looked at: one term. What was used a term ago is not in use.",
    )
