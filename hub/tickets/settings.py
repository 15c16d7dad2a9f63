"""What an operator may set about tickets: [tickets] of hub.toml."""

from pydantic import BaseModel, ConfigDict, Field

HOUR_MS = 3_600_000


class TicketSettings(BaseModel):
    """Which of two signs belong to one fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same_fault_h: float = Field(
        168,
        ge=0,
        description="A fault that comes back within so long of its recovery is the same fault, and stays in its ticket: "
        "a loose plug holds for some days. What comes back after more than a week is a new one.",
    )

    @property
    def same_fault_ms(self) -> float:
        return self.same_fault_h * HOUR_MS
