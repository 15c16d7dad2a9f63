"""The event loop of servers for strangers: whoever connects greets within a time, and is gone when it ends."""

import asyncio
from collections.abc import Mapping
from typing import Any

_GREETS_WITHIN_S = 10.0


class HurriedLoop(asyncio.SelectorEventLoop):
    """Servers of it wait for a TLS handshake no longer than that; asyncio itself would for a minute.

    Whoever is still there when it is closed is cut off: in the middle of a greeting, or of an answer that nobody waits for.
    """

    _transports: Mapping[int, asyncio.Transport]

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", _GREETS_WITHIN_S)
        return await super().create_server(*args, **options)

    async def end(self, server: asyncio.Server) -> None:
        """Nobody comes any more, and who is there is cut off.

        Whom asyncio has accepted and not begun to serve when its server is closed would stay open (`Server._attach` fails): for
        them it gets two turns of the loop, while nobody else is accepted.
        """
        for listener in server.sockets:
            self.remove_reader(listener)
        for _ in range(2):
            await asyncio.sleep(0)
        server.close()
        self._cut_off()

    def _cut_off(self) -> None:
        for each in list(self._transports.values()):
            each.abort()

    def close(self) -> None:
        if not self.is_closed():
            self._cut_off()
            # Each tells its protocol, and that of TLS the one above it.
            for _ in range(2):
                self.run_until_complete(asyncio.sleep(0))
        super().close()
