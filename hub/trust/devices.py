"""The device API, assembled: address, certificate, desk, and what else is served to devices."""

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from hub.config import HubSettings
from hub.pki.tls import server_context, take
from hub.store.unit_of_work import Store
from hub.trust.desk import DeviceDesk
from hub.trust.trusting import Trusting
from hub.trust.updates import NoUpdates, Updates
from hub.trust.whereabouts import whereabouts
from hub.web.devices.app import create_device_app
from hub.web.devices.server import DeviceServer, device_listener

_CERTIFICATE = "devices"


class Devices:
    """Listens from its creation on, serves from `start` on. Raises CannotListen and PkiError."""

    def __init__(
        self,
        settings: HubSettings,
        trusting: Trusting,
        store: Store,
        clock: Callable[[], int],
        *,
        updates: Updates | None = None,
        mounts: Mapping[str, ASGIApp] | None = None,
    ) -> None:
        """`mounts`: what else is served there, by path (hub.web.devices.app)."""
        address = settings.devices.listen
        assert address is not None, "whoever assembles asks first"
        kept = trusting.server(_CERTIFICATE, settings.devices.reached_by)
        context = server_context(kept)
        trusting.listen(lambda: take(context, kept))
        listener = device_listener(address.host, address.port)
        desk = DeviceDesk(
            trusting.authority,
            store,
            settings.enrolment,
            where=whereabouts(settings, int(listener.getsockname()[1])),
            updates=updates or NoUpdates(),
            clock=clock,
        )
        self._server = DeviceServer(create_device_app(desk, mounts or {}), context, listener)

    @property
    def port(self) -> int:
        """The one in use; of interest where port 0 was asked for."""
        return self._server.port

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
