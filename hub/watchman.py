"""Looks after the hub every few seconds: gathers the signs, tells administrators what is wrong, and shows it to Prometheus.

While reports come in and are kept it calls an address, if there is one: whoever waits for that call notices also that this
computer is gone. It tells by the hub's own messages; where the database is what fails, the log and the missing call tell. Of
several processes one watches, over all of them: what was told stands in the database, so that nobody is told twice.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry, Gauge

from hub.core.people import Role
from hub.runtime import Loop
from hub.store.errors import StoreUnavailable
from hub.store.messages import tell
from hub.store.standing import note_trouble, standing_troubles
from hub.store.unit_of_work import Store
from hub.store.vitals import Vitals, vitals
from hub.watching.settings import WatchSettings
from hub.watching.signs import IntakeSigns, Signs
from hub.watching.troubles import AT_ONCE, DEAD, Trouble, troubles

log = logging.getLogger(__name__)

_EVERY_S = 10.0
_CALL_EVERY_MS = 60_000
_CALL_TIMEOUT_S = 10.0
_FAREWELL_S = 0.5
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Watched:
    """Where the signs are read.

    intake  how it goes with what takes reports in, in this process or in others
    chores  of what is done beside: seconds since it went well
    folder  on the disk that must not be full
    judged  of a process that judges apart: seconds since a step went well; None where there is none
    """

    intake: Callable[[int], IntakeSigns]
    chores: Callable[[], Mapping[str, float]]
    folder: Path
    judged: Callable[[], float | None] = lambda: None


@dataclass(slots=True)
class _Seen:
    """told: what is wrong and was told, since when; None until the database has said what was told before this start."""

    started_at: int
    told: dict[Trouble, int] | None = None
    called_at: int = 0


class Watchman:
    """`start` begins the grace after a start."""

    def __init__(
        self,
        watched: Watched,
        store: Store,
        settings: WatchSettings,
        registry: CollectorRegistry,
        clock: Callable[[], int],
        *,
        every_s: float = _EVERY_S,
    ) -> None:
        self._watched, self._store, self._settings, self._clock = watched, store, settings, clock
        self._gauges, self._every_s = _Gauges(registry), every_s
        self._closing = threading.Event()
        self._loop = Loop("watch", self._step, lambda: None)
        self._vitals = Vitals(0, 0, 0, None)
        self._seen = _Seen(clock())

    def start(self) -> None:
        self._seen = _Seen(self._clock())
        self._loop.start()

    def stop(self) -> None:
        self._closing.set()
        self._loop.stop(_FAREWELL_S)

    def look(self, now: int) -> Mapping[Trouble, int]:
        """Once: what is wrong, and since when. Who is to know is told."""
        signs = self._signs(now)
        standing = troubles(signs, self._settings)
        self._gauges.show(signs, self._vitals, standing)
        self._tell(standing, now)
        if not DEAD & standing.keys() and signs.heard_at is not None:
            self._call(now)
        return standing

    def _signs(self, now: int) -> Signs:
        watched, intake = self._watched, self._watched.intake(now)
        self._vitals = self._read() or self._vitals
        disk, judged = shutil.disk_usage(watched.folder), watched.judged()
        return Signs(
            now=now,
            started_at=self._seen.started_at,
            stepped_at=intake.stepped_at,
            connected_at=intake.connected_at,
            parted_at=intake.parted_at,
            heard_at=intake.heard_at,
            idle_at=intake.idle_at,
            online=self._vitals.online,
            disk_free=disk.free / disk.total,
            chores={name: now - round(idle * 1000) for name, idle in watched.chores().items()},
            unsent_at=self._vitals.unsent_at,
            judged_at=None if judged is None else now - round(judged * 1000),
        )

    def _read(self) -> Vitals | None:
        """None while the database does not answer: what was known last holds, and ingestion, which needs it too, is judged."""
        try:
            with self._store.reading() as connection:
                if self._seen.told is None:
                    self._seen.told = {Trouble(name): since for name, since in standing_troubles(connection).items()}
                return vitals(connection)
        except StoreUnavailable as error:
            log.warning("the database could not be asked how the hub is doing: %s", error)
            return None

    def _tell(self, standing: Mapping[Trouble, int], now: int) -> None:
        told = self._seen.told
        if told is None:
            return
        for trouble, since in standing.items():
            if trouble not in told and self._note(trouble, since, now, over=False):
                log.error("something is wrong with the hub: %s, for %d min", trouble, (now - since) // _MINUTE_MS)
                told[trouble] = since
        for trouble in [each for each in told if each not in standing and self._is_known(each, now)]:
            if self._note(trouble, told[trouble], now, over=True):
                log.warning("well again: %s", trouble)
                del told[trouble]

    def _is_known(self, trouble: Trouble, now: int) -> bool:
        """Soon after a start nothing is wrong because nothing is said; what was told before it is not over for that."""
        return trouble in AT_ONCE or now - self._seen.started_at >= self._settings.grace_min * _MINUTE_MS

    def _note(self, trouble: Trouble, since: int, now: int, *, over: bool) -> bool:
        code = f"hub.{trouble}_over" if over else f"hub.{trouble}"
        params: dict[str, str | int] = {"since_at": since, "path": "/manage"}
        try:
            with self._store.begin() as work:
                note_trouble(work.connection, trouble.value, None if over else since)
                tell(work.connection, code, params, [Role.ADMIN.value], now, key=f"{code.replace('.', ':', 1)}:{now}")
        except StoreUnavailable as error:
            log.error("%s cannot be told: %s", code, error)
            return False
        return True

    def _call(self, now: int) -> None:
        url, seen = self._settings.alive_url, self._seen
        if url is None or 0 <= now - seen.called_at < _CALL_EVERY_MS:
            return
        seen.called_at = now
        try:
            # Of the answer nothing is read but whether it was taken: it could be without end, and hold up the watch.
            with httpx.stream("GET", url.get_secret_value(), timeout=_CALL_TIMEOUT_S, follow_redirects=False) as answer:
                answer.raise_for_status()
        except httpx.HTTPError as error:
            # Its text would tell the address.
            log.warning("who waits to hear that the hub is alive was not reached: %s", type(error).__name__)

    def _step(self) -> None:
        if not self._closing.wait(self._every_s):
            self.look(self._clock())


class _Gauges:
    """What Prometheus sees of it; docs/alerts.yml has the rules."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, told: str) -> Gauge:
            return Gauge(f"dltv_{name}", told, registry=registry)

        self._nodes = gauge("nodes", "School computers that are known")
        self._online = gauge("nodes_online", "School computers that are on, as far as they have said")
        self._tickets = gauge("tickets_open", "Tickets that are open")
        self._disk = gauge("disk_free_ratio", "Share of the disk with the data directory that is free")
        self._troubles = Gauge(
            "dltv_trouble", "1 while the hub says that this is wrong with it", ["trouble"], registry=registry
        )
        for trouble in Trouble:
            self._troubles.labels(trouble.value)
        # Unknown is not full.
        self._disk.set(1.0)

    def show(self, signs: Signs, found: Vitals, standing: Mapping[Trouble, int]) -> None:
        self._nodes.set(found.nodes)
        self._online.set(found.online)
        self._tickets.set(found.open_tickets)
        self._disk.set(signs.disk_free)
        for trouble in Trouble:
            self._troubles.labels(trouble.value).set(trouble in standing)
