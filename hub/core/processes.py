"""[judging]: what an operator may set about the processes of a hub."""

from pydantic import BaseModel, ConfigDict, Field


class JudgingSettings(BaseModel):
    """How what schools report is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    apart: bool | None = Field(
        None,
        description="Whether a process of its own judges, so that taking reports in and judging them have a core each; it takes "
        "60 MB more, while much waits some 160. Without a word: where the computer has more than one core.",
    )

    def is_apart(self, cores: int) -> bool:
        return cores > 1 if self.apart is None else self.apart
