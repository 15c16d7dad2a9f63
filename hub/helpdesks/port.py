"""What every help desk can do for us, whichever it is. Adapters keep nothing between calls."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket or request as it is handed over. mark: stands in the title there, so that it is found again."""

    mark: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How a case stands there. state: as the help desk calls it; done: nothing more happens there."""

    state: str
    done: bool
    solution: str = ""


class HelpDesk(Protocol):
    """Raises DeskError."""

    def find(self, mark: str) -> str | None:
        """The reference of the case with this mark: it was made, and the answer was lost."""

    def open(self, case: Case) -> str:
        """Its reference."""

    def comment(self, reference: str, text: str) -> None: ...

    def close(self, reference: str, text: str) -> None:
        """Done on our side. What is closed there already stays so."""

    def look(self, reference: str) -> Answer: ...

    def url(self, reference: str) -> str:
        """Where people see it."""
