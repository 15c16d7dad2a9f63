"""The device API, assembled: address, certificate, desk, and what else is served to devices."""

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from hub.config import HubSettings
from hub.pki.tls import server_context, take
from hub.store.unit_of_work import Store
from hub.trust.desk import DeviceDesk
from hub.trust.installing import SHELF, Fetching, installation, key_pin
from hub.trust.trusting import Trusting
from hub.trust.updates import NoUpdates, Updates
from hub.trust.whereabouts import whereabouts
from hub.web.devices.app import create_device_app
from hub.web.devices.server import DeviceServer, device_listener

_CERTIFICATE = "devices"


class DeviceSide:
    """Trust and device API of a hub that runs. Listens from its creation on. Raises CannotListen and PkiError."""

    def __init__(
        self,
        settings: HubSettings,
        store: Store,
        clock: Callable[[], int],
        *,
        updates: Updates | None = None,
        mounts: Mapping[str, ASGIApp] | None = None,
    ) -> None:
        """`mounts`: what else is served there beside the installers, by path (hub.web.devices.app)."""
        self.trusting = Trusting(settings.data_dir / "pki", store, clock)
        self._devices = Devices(settings, self.trusting, store, clock, updates=updates, mounts=mounts)

    @property
    def port(self) -> int:
        return self._devices.port

    @property
    def fetching(self) -> Fetching:
        return self._devices.fetching

    def start(self) -> None:
        self.trusting.start()
        self._devices.start()

    def stop(self) -> None:
        self._devices.stop()
        self.trusting.stop()


class Devices:
    """The device API alone; `app` is what it serves."""

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
        address = settings.devices.listen
        assert address is not None, "whoever assembles asks first"
        kept = trusting.server(_CERTIFICATE, settings.devices.reached_by)
        context = server_context(kept)
        trusting.listen(lambda: take(context, kept))
        listener = device_listener(address.host, address.port)
        where = whereabouts(settings, int(listener.getsockname()[1]))
        self.fetching = Fetching(where.hub, key_pin(trusting.authority, kept.key.name))
        files = installation(settings.data_dir / SHELF, where.hub, trusting.authority, kept.key.name)
        desk = DeviceDesk(
            trusting.authority,
            store,
            settings.enrolment,
            where=where,
            updates=updates or NoUpdates(),
            clock=clock,
        )
        self.app = create_device_app(desk, {"": files, **(mounts or {})})
        self._server = DeviceServer(self.app, context, listener)

    @property
    def port(self) -> int:
        """The one in use; of interest where port 0 was asked for."""
        return self._server.port

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
