"""The port by which pages show and change rounds of allocation."""

from collections.abc import Collection, Sequence
from typing import Protocol

from hub.allocation.lines import Line
from hub.allocation.rounds import Draft, RoundView, StageWish
from hub.core.people import Principal


class AllocationPages(Protocol):
    """Each wish is one transaction; raises PlanRefused, and nothing is done."""

    def rounds(self, who: Principal) -> Sequence[RoundView]:
        """The newest first."""

    def round(self, number: str, who: Principal) -> RoundView | None:
        """None: there is none, or it is not for them."""

    def propose_anew(self, number: str, who: Principal) -> None: ...

    def add_line(self, number: str, draft: Draft, who: Principal) -> Line: ...

    def change_line(self, line_id: int, draft: Draft, who: Principal) -> Line: ...

    def remove_line(self, line_id: int, version: int, reason: str, who: Principal) -> Line: ...

    def tick_rules(
        self,
        number: str,
        place: tuple[str, str],
        rules: Collection[str],
        who: Principal,
        seen: Collection[str] | None = None,
    ) -> None:
        """seen: those that were ticked when they were read; None: whatever was."""

    def step(self, line_id: int, wish: StageWish, who: Principal) -> Line: ...

    def order(self, line_id: int, version: int, subject: str, who: Principal) -> str:
        """Open the request for its purchase. Its number."""

    def take_back(self, line_id: int, version: int, reason: str, who: Principal) -> Line:
        """What is reserved and was not sent is planned again."""

    def workbook(self, title: str, heading: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> bytes:
        """A table as a file that an office goes on working with."""
