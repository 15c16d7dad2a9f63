"""Serving the device API: TLS of the hub's authority, to strangers."""

import socket
import ssl

from starlette.types import ASGIApp

from hub.web.devices.hurried import HurriedProtocol
from hub.web.server import Served, listen

_CONNECTIONS = 1000
_QUIET_S = 5


class DeviceServer(Served):
    """`context` may be given another certificate while it serves."""

    def __init__(self, app: ASGIApp, context: ssl.SSLContext, listener: socket.socket) -> None:
        super().__init__(
            app,
            "devices",
            listener,
            http=HurriedProtocol,
            ws="none",
            lifespan="off",
            # The address that counts is that of the connection: anybody can write a header.
            proxy_headers=False,
            ssl_context_factory=lambda *_: context,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_QUIET_S,
        )


def device_listener(host: str, port: int) -> socket.socket:
    """Raises CannotListen."""
    return listen(host, port, "devices", "choose another: listen in [devices]")
