"""What the page of the search asks of the hub."""

from collections.abc import Collection
from typing import Protocol

from hub.core.assets import Asset
from hub.core.people import Principal
from hub.core.views import SchoolHit, TicketLine
from hub.workflows.request import Request


class SearchPages(Protocol):
    """Each answer holds at most `limit`, of what whoever asks may see."""

    def schools(self, who: Principal, words: str, limit: int) -> tuple[SchoolHit, ...]:
        """The likest first."""

    def tickets(self, who: Principal, words: str, causes: Collection[str], limit: int) -> tuple[TicketLine, ...]:
        """The newest first; also those with one of these causes."""

    def requests(self, who: Principal, words: str, limit: int) -> tuple[Request, ...]:
        """The newest first."""

    def assets(self, who: Principal, words: str, limit: int) -> tuple[tuple[Asset, str], ...]:
        """With the names of their schools."""
