"""What a process of a divided hub does as `ingest`: takes in and judges the districts that it holds (roles.py)."""

import logging
import threading
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Gauge

from hub.config import HubSettings
from hub.guarding import needs_guard
from hub.ingestion.counters import Counters
from hub.intake_watch import IntakeGauges
from hub.mqtt.host_client import utc_ms
from hub.mqtt.tls import TlsFiles
from hub.parts_made import LEASE, make_guard, make_notices, make_office
from hub.poster import Poster
from hub.runtime import Loop
from hub.share import Around, DistrictShare
from hub.store.inventory import Inventory
from hub.store.leases import Leases
from hub.store.unit_of_work import Store
from hub.watching.signs import IntakeSigns

log = logging.getLogger(__name__)

_LOOK_S = 2.0
_TELL_MS = 10_000
_FAREWELL_S = 3.0


class IngestPart:
    """Districts, as many as are this process's part."""

    def __init__(
        self, settings: HubSettings, store: Store, inventory: Inventory | None, name: str, registry: CollectorRegistry
    ) -> None:
        self._leases = Leases(store, name, "ingest")
        self._poster = Poster(store, name)
        self._guard = make_guard(settings, store) if needs_guard(settings) else None
        self._names = {LEASE.format(group): group for group in settings.groups}
        self._shares: dict[str, DistrictShare] = {}
        counters = Counters(registry)
        counters.queue_depth.set_function(lambda: sum(share.waiting for share in [*self._shares.values()]))
        self._gauges = IntakeGauges(registry)
        Gauge("dltv_districts", "Districts that are taken in by this process", registry=registry).set_function(
            lambda: len(self._shares)
        )
        self._around = Around(
            settings,
            inventory,
            counters,
            make_office(settings, store, inventory),
            make_notices(settings, store),
            self._files,
            self._poster.publish,
        )
        self._told_at = 0
        self._stopping = threading.Event()
        self._loop = Loop("leases", self._look, lambda: None)

    @property
    def trouble(self) -> str:
        """Why this process does not do its part; empty when it does."""
        return self._loop.trouble

    @property
    def groups(self) -> frozenset[str]:
        """That are taken in here now."""
        return frozenset(share.group for share in self._shares.values())

    def start(self) -> None:
        self._poster.start()
        self._loop.start()

    def stop(self) -> None:
        self._stopping.set()
        self._loop.stop(_FAREWELL_S)
        for name in list(self._shares):
            self._end(name)
        self._leases.leave()
        self._poster.stop()

    def _look(self) -> None:
        found = self._leases.renew(self._names)
        for name in [each for each in self._shares if each not in found.held or each in found.surplus]:
            self._end(name)
        if found.surplus:
            self._leases.release(found.surplus)
        for name in sorted(found.held - found.surplus - self._shares.keys()):
            self._begin(name)
        self._tell(utc_ms())
        self._stopping.wait(_LOOK_S)

    def _tell(self, now: int) -> None:
        """Whoever watches over the hub reads it, also when this process is gone."""
        if not self._shares:
            self._gauges.rest(now)
            return
        signs = {name: share.look(now) for name, share in self._shares.items()}
        self._gauges.show(IntakeSigns.together(signs.values()))
        if not 0 <= now - self._told_at < _TELL_MS:
            self._leases.tell({name: {**asdict(each), "at": now} for name, each in signs.items()})
            self._told_at = now

    def _begin(self, name: str) -> None:
        share = DistrictShare(self._names[name], self._leases.fenced(name), self._around)
        self._shares[name] = share
        share.start()
        log.info("district %s is taken in here", share.group)

    def _end(self, name: str) -> None:
        share = self._shares.pop(name)
        share.stop()
        log.info("district %s is taken in here no more", share.group)

    def _files(self, host_id: str) -> TlsFiles:
        own = self._around.settings.broker
        return self._guard.identity(host_id) if self._guard else TlsFiles(own.ca_file, own.certificate, own.key)
