"""What a process of a divided hub does as `worker`: what the hub does by itself, and the watch over all processes (roles.py)."""

import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from hub.admission import Housekeeping, accounts_on
from hub.config import HubSettings
from hub.guarding import needs_guard
from hub.mqtt.host_client import utc_ms
from hub.office.office import Office
from hub.parts_made import LEASE, Part, make_guard, make_notices, make_office
from hub.poster import Poster
from hub.rolling.side import ReleaseSide
from hub.runtime import Loop
from hub.store.errors import StoreUnavailable
from hub.store.inventory import Inventory, register_schools
from hub.store.leases import Leases, told_signs
from hub.store.registration import register_devices
from hub.store.unit_of_work import Store
from hub.watching.signs import IntakeSigns
from hub.watchman import Watched, Watchman

log = logging.getLogger(__name__)

_LOOK_S = 2.0
_FAREWELL_S = 3.0
_WORK = "work"
_STALE_MS = 60_000
"""Whoever has told nothing for so long is gone: of that district it is known only when it was taken in last."""


class WorkerPart:
    """What the hub does by itself, if no other process does it."""

    def __init__(
        self, settings: HubSettings, store: Store, inventory: Inventory | None, name: str, registry: CollectorRegistry
    ) -> None:
        self._settings, self._inventory = settings, inventory
        self._leases = Leases(store, name, "worker")
        self._poster = Poster(store, name)
        self._working: ExitStack | None = None
        self._watched = CollectorRegistry()
        self._stopping = threading.Event()
        self._loop = Loop("lease", self._look, lambda: None)
        Gauge("dltv_works", "1 where this process does what the hub does by itself, 0 while it stands by",
              registry=registry).set_function(lambda: float(self.works))  # fmt: skip

    @property
    def works(self) -> bool:
        """Or stands by."""
        return self._working is not None

    @property
    def trouble(self) -> str:
        """Why this process does not do its part; empty when it does."""
        return self._loop.trouble

    def metrics(self) -> bytes:
        """What is seen of the whole hub by whoever watches over it; nothing where another process does."""
        return generate_latest(self._watched) if self.works else b""

    def start(self) -> None:
        self._poster.start()
        self._loop.start()

    def stop(self) -> None:
        self._stopping.set()
        self._loop.stop(_FAREWELL_S)
        self._end()
        self._leases.leave()
        self._poster.stop()

    def _look(self) -> None:
        held = _WORK in self._leases.renew([_WORK]).held
        if held and self._working is None:
            self._begin()
        elif not held:
            self._end()
        self._stopping.wait(_LOOK_S)

    def _begin(self) -> None:
        settings, store = self._settings, self._leases.fenced(_WORK)
        if self._inventory is not None:
            register_schools(store, self._inventory)
            register_devices(store, self._inventory)
        office = make_office(settings, store, self._inventory)
        office.requests.tell(self._poster.publish)
        parts: list[Part] = [make_notices(settings, store), office, ReleaseSide(settings, store, utc_ms)]
        parts.append(Housekeeping(store, accounts_on(store, settings.accounts)))
        if needs_guard(settings):
            parts.append(make_guard(settings, store))
        parts.append(self._make_watchman(store, office))
        with ExitStack() as working:
            for part in parts:
                working.callback(part.stop)
                part.start()
            self._working = working.pop_all()
        log.info("what the hub does by itself is done here")

    def _make_watchman(self, store: Store, office: Office) -> Watchman:
        self._watched = CollectorRegistry()
        intake = Districts(store, self._settings.groups, utc_ms())
        watched = Watched(intake.look, lambda: office.chores.idle_s, self._settings.data_dir)
        return Watchman(watched, store, self._settings.watch, self._watched, utc_ms)

    def _end(self) -> None:
        if self._working is not None:
            self._working.close()
            self._working = None


class Districts:
    """How it goes with taking in all districts, by what the processes that do so have told last."""

    def __init__(self, store: Store, groups: Sequence[str], now: int) -> None:
        self._store, self._names = store, [LEASE.format(group) for group in groups]
        # Of what nobody has told anything it is known that it was not taken in since then.
        self._unknown = IntakeSigns(now, None, None, None, now)
        self._last = dict.fromkeys(self._names, (self._unknown, now))

    def look(self, now: int) -> IntakeSigns:
        try:
            with self._store.reading() as connection:
                told = told_signs(connection, self._names)
        except StoreUnavailable as error:
            log.warning("the database could not be asked how the districts are doing: %s", error)
            told = {}
        for name, signs in told.items():
            self._last[name] = _read(signs)
        return IntakeSigns.together(self._seen(*each, now) for each in self._last.values())

    @staticmethod
    def _seen(signs: IntakeSigns, at: int, now: int) -> IntakeSigns:
        return signs if now - at < _STALE_MS else replace(signs, connected_at=None, parted_at=None, idle_at=now)


def _read(told: Mapping[str, int | None]) -> tuple[IntakeSigns, int]:
    at, stepped_at, idle_at = (told[name] or 0 for name in ("at", "stepped_at", "idle_at"))
    return IntakeSigns(stepped_at, told["connected_at"], told["parted_at"], told["heard_at"], idle_at), at
