"""What a process of a divided hub does as `web`: the pages, the API, and where computers join (roles.py)."""

import logging
import threading
from collections.abc import Callable, Mapping

from hub.admission import accounts_on, base_of, tell_first_admin
from hub.config import HubSettings, Listen
from hub.mqtt.host_client import utc_ms
from hub.poster import Poster
from hub.rolling.side import ReleaseSide
from hub.runtime import Loop
from hub.store.bulletin import read_bulletin
from hub.store.inventory import Inventory
from hub.store.unit_of_work import Store
from hub.surface import Surface
from hub.trust.devices import DeviceSide

log = logging.getLogger(__name__)

_FAREWELL_S = 3.0


class WebPart:
    """The pages, and where computers join."""

    def __init__(
        self,
        settings: HubSettings,
        store: Store,
        inventory: Inventory | None,
        name: str,
        metrics: Callable[[], bytes],
    ) -> None:
        self._settings, self._store, self._name = settings, store, name
        self._accounts = accounts_on(store, settings.accounts)
        self._poster = Poster(store, name)
        self._releases = ReleaseSide(settings, store, utc_ms)
        self._reader = Loop("bulletin", self._read, lambda: None)
        self._stopping = threading.Event()
        self._web = Surface(
            settings,
            store,
            inventory,
            self._accounts,
            releases=self._releases,
            metrics=metrics,
            readiness=self.readiness,
            fetching=lambda: self._devices.fetching if self._devices else None,
        )
        self._web.spread(self._poster.publish)
        self._devices = self._make_devices()

    @property
    def trouble(self) -> str:
        """Why this process does not do its part; empty when it does."""
        return "; ".join(f"{part}: {why}" for part, why in self.readiness().items())

    @property
    def http(self) -> str:
        return str(Listen(host=self._settings.http.listen.host, port=self._web.port))

    def readiness(self) -> Mapping[str, str]:
        troubles = {"bulletin": self._reader.trouble, "trust": self._devices.trusting.trouble if self._devices else ""}
        return {part: trouble for part, trouble in troubles.items() if trouble}

    def start(self) -> None:
        self._poster.start()
        self._reader.start()
        self._web.start()
        if self._devices is not None:
            self._devices.start()
        log.info("web at http://%s", self.http)
        tell_first_admin(self._accounts, base_of(self._settings, self._web.port), utc_ms())

    def stop(self) -> None:
        self._stopping.set()
        self._web.stop()
        if self._devices is not None:
            self._devices.stop()
        self._reader.stop(_FAREWELL_S)
        self._poster.stop()
        self._web.close()

    def _read(self) -> None:
        read_bulletin(self._store, self._name, self._web.publish, goes_on=lambda: not self._stopping.is_set())

    def _make_devices(self) -> DeviceSide | None:
        if self._settings.devices.listen is None:
            return None
        releases = self._releases
        return DeviceSide(self._settings, self._store, utc_ms, updates=releases.rolling, mounts=releases.mounts)
