"""HTTP for strangers: whoever connects says what they want within ten seconds, each time."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_ASK_WITHIN_S = 10.0


class HurriedProtocol(H11Protocol):
    """A connection on which no request comes to be is closed, however slowly it trickles."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._is_busy():
            self._expect()
        super().data_received(data)
        if self._is_busy():
            self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_patient()
        super().connection_lost(exc)

    def _is_busy(self) -> bool:
        """Whether a request is there that is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self) -> None:
        self._deadline = self.loop.call_later(_ASK_WITHIN_S, self._give_up)

    def _be_patient(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if not self._is_busy() and not self.transport.is_closing():
            self.transport.close()
