"""Every value to the server of long history, in pieces. While that server is away nothing is lost: the store is the queue.

A piece is settled when it is there; one that was sent and not settled goes again, and says the same. Ingestion waits for nothing
of this.
"""

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from hub.historian.errors import HistorianRefused
from hub.historian.lines import lines, series
from hub.historian.settings import HistorianSettings
from hub.office.chores import Chore
from hub.store.exports import Exports, Piece
from hub.store.unit_of_work import Store

if TYPE_CHECKING:
    from hub.historian.server import Server

log = logging.getLogger(__name__)

_TICK_S = 5.0
_LOOK_EVERY_MS = 10_000
_REFUSED = "%d reports are not in the long history, because its server finds fault with them: %s"


def exporting(store: Store, settings: HistorianSettings) -> Mapping[str, Chore]:
    """The chore by its name; none where there is no server."""
    if not settings.url:
        return {}
    # Its client is four hundred modules, which only those wait for who have such a server.
    from hub.historian.server import Server

    return {"historian": Exporting(Exports(store), Server(settings)).tick}


class Exporting:
    """A chore. What it raises is tried again: HistorianUnavailable, StoreUnavailable."""

    def __init__(self, exports: Exports, server: "Server") -> None:
        self._exports, self._server = exports, server
        self._series: Mapping[int, str] = {}
        self._look_at = 0

    def tick(self, now: int) -> None:
        begun = perf_counter()
        while now >= self._look_at and perf_counter() - begun < _TICK_S:
            if not self.step():
                self._look_at = now + _LOOK_EVERY_MS

    def step(self) -> bool:
        """Send a piece. False when all has gone."""
        piece = self._exports.next_piece()
        if piece is None:
            return False
        try:
            self._server.write(self._lines(piece))
        except HistorianRefused as error:
            log.error(_REFUSED, len(piece.reports), error)
        self._exports.settle(piece)
        return True

    def _lines(self, piece: Piece) -> list[str]:
        if any(each.device not in self._series for each in piece.reports):
            self._series = {device: series(tags) for device, tags in self._exports.tags().items()}
        return [line for each in piece.reports for line in lines(self._series[each.device], each.t, each.samples)]
