"""Serving the device API: TLS of the hub's authority, to strangers."""

import socket
import ssl

from starlette.types import ASGIApp

from hub.web.server import Served, listen

_MOST = (1000, 100)
"""Connections, of all and of one address. Several schools may stand behind one address, but each asks a few times a day."""
_QUIET_S = 5


class DeviceServer(Served):
    """`context` may be given another certificate while it serves."""

    def __init__(self, app: ASGIApp, context: ssl.SSLContext, listener: socket.socket) -> None:
        super().__init__(
            app,
            "devices",
            listener,
            ws="none",
            lifespan="off",
            # The address that counts is that of the connection: anybody can write a header.
            proxy_headers=False,
            ssl_context_factory=lambda *_: context,
            timeout_keep_alive=_QUIET_S,
        )


def device_listener(host: str, port: int) -> socket.socket:
    """Raises CannotListen."""
    return listen(host, port, "devices", "choose another: listen in [devices]", _MOST)
