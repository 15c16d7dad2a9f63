"""One district in a process of several: taken in and judged here for as long as this process holds its lease."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hub.config import HubSettings
from hub.core.findings import Incident
from hub.core.live import Changes
from hub.ingestion.arrivals import Arrival, Event, NodeCommand
from hub.ingestion.counters import Counters
from hub.ingestion.service import IngestionService
from hub.intake_watch import Intake, IntakeWatch
from hub.judging import LIVE, Judging, make_detection
from hub.mqtt.host_client import Host, HostClient, utc_ms
from hub.mqtt.inbox import Inbox
from hub.mqtt.tls import TlsFiles
from hub.notifying import Notices
from hub.office.office import Office
from hub.rolling.side import rolling_of
from hub.runtime import Loop, Pipeline
from hub.store.intake import IntakeStore
from hub.store.inventory import Inventory
from hub.store.judgements import Judgements
from hub.store.unit_of_work import Store, UnitOfWork
from hub.tickets.service import Tickets
from hub.trust.copying import CopyWatch
from hub.watching.signs import IntakeSigns

_TICK_S = 2.0
_DRAIN_S = 1.5


@dataclass(frozen=True, slots=True)
class Around:
    """What the districts of a process have in common.

    files    by which a host id is known at the broker
    publish  tells who serves pages
    """

    settings: HubSettings
    inventory: Inventory | None
    counters: Counters
    office: Office
    notices: Notices
    files: Callable[[str], TlsFiles]
    publish: Callable[[Changes], None]


class DistrictShare:
    """`start` begins where whoever did it before has left off; `stop` commits what came, if this process still may."""

    def __init__(self, group: str, store: Store, around: Around) -> None:
        """`store` lets nothing be written without the lease."""
        self.group, self._store, self._around = group, store, around
        settings, broker = around.settings, around.settings.broker_url
        assert broker is not None, "whoever divides the work has asked"
        host_id = f"hub-{group}"
        self._inbox = Inbox(settings.ingestion.queue, around.counters.reject)
        self._host = HostClient(Host(host_id, (group,), broker, around.files(host_id)), self._hear)
        self._heard = 0
        self._rolling = rolling_of(settings, store, utc_ms)
        self._judging = self._make_judging()
        self._copies = CopyWatch(store)
        self._loop = self._make_loop()
        self._watch = IntakeWatch(
            Intake(
                idle_s=lambda: self._loop.idle_s,
                connected=lambda: not self._host.trouble,
                heard=lambda: self._heard,
                waiting=lambda: len(self._inbox),
            ),
            utc_ms(),
        )

    @property
    def waiting(self) -> int:
        """Messages that wait."""
        return len(self._inbox)

    def start(self) -> None:
        self._loop.start()
        self._host.start()

    def look(self, now: int) -> IntakeSigns:
        """How it goes."""
        return self._watch.look(now)

    def stop(self) -> None:
        self._host.stop()
        self._inbox.close()
        self._loop.stop(_DRAIN_S)

    def _hear(self, event: Event) -> None:
        self._heard += isinstance(event, Arrival)
        self._inbox.put(event)

    def _make_judging(self) -> Judging:
        around, group = self._around, self.group
        return Judging(
            self._store,
            make_detection(around.settings, around.inventory, LIVE),
            Tickets(around.settings.tickets),
            lambda work: Judgements(work.connection, group),
            tell=self._tell,
            keep_up=around.office.repairs.follow,
        )

    def _make_loop(self) -> Loop:
        around, settings = self._around, self._around.settings.ingestion
        intake = IntakeStore(self._store, self.group)
        fleet = intake.load()
        if around.inventory is not None:
            fleet.register = around.inventory.register
        ingestion = IngestionService(intake.begin, fleet, settings, around.counters, self._copies.heard)
        pipeline = Pipeline(
            take=self._inbox.take,
            feed=ingestion.feed,
            waiting=lambda: ingestion.waiting,
            commit=ingestion.commit,
            commands=ingestion.commands,
            send=self._host.send,
            judge=self._judging.judge,
            behind=lambda: self._judging.behind,
            tick=self._tick,
            publish=around.publish,
            clock=utc_ms,
            batch=settings.batch,
            linger_s=settings.linger_s,
            tick_s=_TICK_S,
        )
        return Loop(f"ingest-{self.group}", pipeline.step, pipeline.drain)

    def _tick(self, now: int) -> frozenset[int]:
        self._copies.tick(now)
        for command in self._rolling.tick(now, self.group):
            self._send(command)
        changed = self._judging.tick(now, listening=not self._host.trouble)
        self._judging.count_lessons(now)
        return changed

    def _send(self, command: NodeCommand) -> None:
        self._host.send(command)

    def _tell(self, work: UnitOfWork, told: Sequence[Incident], now: int) -> None:
        self._around.notices.note(work, told, now)
        self._around.office.messages.note(work, told, now)
