"""HTTP for strangers: whoever connects asks, sends and takes within a time, or goes."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_ASK_WITHIN_S = 10.0
_SENDS_WITHIN_S = 120.0
_TAKES_WITHIN_S = 60.0


class HurriedProtocol(H11Protocol):
    """A connection on which no request comes to be is closed, however slowly it trickles; also one whose body does not end, and
    one that does not take its answer.
    """

    _deadline: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _sends = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect(_ASK_WITHIN_S)

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._is_busy():
            self._expect(_ASK_WITHIN_S)
        super().data_received(data)
        if self._is_busy():
            self._await_body()

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_patient()
        self._go_on()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self._stuck or self.loop.call_later(_TAKES_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()

    def _is_busy(self) -> bool:
        """Whether a request is there that is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _await_body(self) -> None:
        if not self.cycle.more_body:
            self._be_patient()
        elif not self._sends:
            self._be_patient()
            self._expect(_SENDS_WITHIN_S)
            self._sends = True

    def _expect(self, within_s: float) -> None:
        self._deadline = self.loop.call_later(within_s, self._give_up)

    def _be_patient(self) -> None:
        self._sends = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _go_on(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _give_up(self) -> None:
        if self.transport.is_closing() or (self._is_busy() and not self.cycle.more_body):
            return
        self.transport.close()
