"""The hub, assembled: the only module that knows all parts. Decides in which order they start and end."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, generate_latest

from hub.config import HubSettings, Listen
from hub.core.equipment import DeviceKey
from hub.core.live import Changes
from hub.core.texts import Text
from hub.core.trials import TrialOutcome, TrialTicket
from hub.detection.settings import DetectionSettings
from hub.detection.sun import SunPath
from hub.ingestion.arrivals import NodeCommand
from hub.ingestion.counters import Counters
from hub.ingestion.reasons import Reason
from hub.ingestion.service import IngestionService
from hub.judging import Judging, class_days, make_calendars, make_detection
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.mqtt.host_client import Host, HostClient, utc_ms
from hub.mqtt.inbox import Inbox
from hub.notifying import Notices
from hub.replay.whatif import Fault, Question, Weeks
from hub.runtime import Loop, Pipeline
from hub.store.directory import DataDirectory
from hub.store.engine import open_engine, upgrade
from hub.store.insights import StoreInsights
from hub.store.intake import IntakeStore
from hub.store.inventory import Inventory, read_inventory, register_schools
from hub.store.registration import Registration, register_devices
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store
from hub.store.views import StorePages
from hub.tickets.desk import Desk, Outcome
from hub.tickets.service import Tickets
from hub.web.factory import create_app
from hub.web.live import Live
from hub.web.pages import MoveOutcome
from hub.web.server import WebServer
from hub.web.settings import LOOPBACK_HOSTS, WebSettings
from hub.web.site import Services
from hub.web.sun_ahead import SunAhead
from hub.web.trials import Trials

log = logging.getLogger(__name__)

_TICK_S = 2.0
_THAICOM_DEG_EAST = 78.5
# Together under five seconds, whatever hangs.
_FAREWELL_S = 2.0
_DRAIN_S = 1.5


class Moves:
    """What people do with tickets, for the web."""

    def __init__(self, store: Store, publish: Callable[[Changes], None]) -> None:
        self._store, self._publish, self._desk = store, publish, Desk()

    def allowed(self, state: str) -> tuple[str, ...]:
        return self._desk.allowed(state)

    def move(self, ticket_id: int, to: str, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id], lambda rows, now: self._desk.move(rows, ticket_id, to, version=version, note=note, now=now)
        )

    def snooze(self, ticket_id: int, until: int | None, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id],
            lambda rows, now: self._desk.snooze(rows, ticket_id, until, version=version, note=note, now=now),
        )

    def merge(self, ticket_id: int, into: int, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id, into],
            lambda rows, now: self._desk.merge(rows, ticket_id, into, version=version, note=note, now=now),
        )

    def _done(self, tickets: Iterable[int], wish: Callable[[TicketRows, int], Outcome]) -> MoveOutcome:
        with self._store.begin() as work:
            outcome = wish(TicketRows(work.connection), utc_ms())
        self._publish(Changes(tickets=frozenset(tickets)))
        return MoveOutcome(outcome.value)


class Adopting:
    """What people do with new equipment, for the web."""

    def __init__(self, store: Store, publish: Callable[[Changes], None]) -> None:
        self._registration, self._publish = Registration(store), publish

    def adopt(self, device: DeviceKey) -> bool:
        adopted = self._registration.adopt(device, utc_ms())
        if adopted:
            self._publish(Changes(nodes=frozenset([device.node])))
        return adopted


class App:
    """`start` returns when everything runs, `stop` when all is committed and closed."""

    def __init__(self, settings: HubSettings) -> None:
        """Claims what others could have: the directory, the ports, the database. Raises what then is to be told the operator."""
        inventory = read_inventory(settings.inventory) if settings.inventory else None
        self.settings = settings
        self._registry = CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._counters = Counters(self._registry)
        self._inbox = Inbox(settings.ingestion.queue, lambda: self._counters.reject(Reason.QUEUE_FULL))
        self._live, self._tickets = Live(), Tickets(settings.tickets)
        with ExitStack() as claims:
            claims.callback(DataDirectory(settings.data_dir).release)
            self._broker = None if settings.broker_url else self._make_broker()
            if self._broker is not None:
                claims.callback(self._broker.stop)
            self._store = open_store(settings)
            claims.callback(self._store.close)
            self._trials = Trials(settings.detection, partial(self._try_settings, inventory))
            claims.callback(self._trials.close)
            self._insights = self._make_insights(inventory)
            zone = ZoneInfo(_web_settings(settings).time_zone)
            self._notices = Notices(settings.notices, self._store, self._insights.incident, zone, utc_ms)
            claims.callback(self._notices.stop)
            self._web = self._make_web(inventory)
            claims.callback(self._web.stop)
            self._hosts = self._make_hosts(settings.broker_url or self._own_broker())
            self._loop = self._make_loop(inventory)
            self._claims = claims.pop_all()

    @property
    def http(self) -> str:
        return str(Listen(host=self.settings.http.listen.host, port=self._web.port))

    @property
    def mqtt(self) -> str:
        """The broker in use, without any secret."""
        return str(next(iter(self._hosts.values())).host.broker)

    def start(self) -> None:
        if self._broker is not None:
            self._broker.start()
        self._loop.start()
        self._notices.start()
        for host in set(self._hosts.values()):
            host.start()
        self._web.start()
        log.info("web at http://%s, %s broker at %s", self.http, "embedded" if self._broker else "external", self.mqtt)

    def stop(self) -> None:
        """Say goodbye, so that nothing more comes; commit what came; close."""
        _together([*(host.stop for host in set(self._hosts.values())), self._web.stop], _FAREWELL_S)
        self._inbox.close()
        if not self._loop.stop(_DRAIN_S):
            log.warning("not everything could be committed in time; the agents will send it again")
        self._claims.close()

    def readiness(self) -> Mapping[str, str]:
        """What is not ready, and why."""
        troubles = {f"host {host.host.host_id}": host.trouble for host in self._hosts.values()}
        troubles["ingestion"] = self._loop.trouble if self._loop.alive else "it does not run"
        return {part: trouble for part, trouble in troubles.items() if trouble}

    def _make_broker(self) -> EmbeddedBroker:
        listen = self.settings.mqtt.listen
        return EmbeddedBroker(listen.host, listen.port)

    @property
    def _listening(self) -> bool:
        return not any(host.trouble for host in self._hosts.values())

    def _own_broker(self) -> BrokerUrl:
        assert self._broker is not None
        host, port = self._broker.address
        return BrokerUrl({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104  where to call, not where to listen

    def _make_hosts(self, broker: BrokerUrl) -> dict[str, HostClient]:
        """The client of each group."""
        clients = {}
        for host_id, groups in self.settings.hosts.items():
            client = HostClient(Host(host_id, groups, broker, self.settings.broker.ca_file), self._inbox.put)
            clients.update(dict.fromkeys(groups, client))
        return clients

    def _send(self, command: NodeCommand) -> None:
        self._hosts[command.node.group].send(command)

    def _make_insights(self, inventory: Inventory | None) -> StoreInsights:
        days = partial(class_days, make_calendars(self.settings, inventory))
        return StoreInsights(self._store, ZoneInfo(_web_settings(self.settings).time_zone), days)

    def _make_web(self, inventory: Inventory | None) -> WebServer:
        web = _web_settings(self.settings)
        services = Services(
            pages=StorePages(self._store),
            trials=self._trials,
            sun=SunAhead(_sun_path(self.settings, inventory), ZoneInfo(web.time_zone)),
            insights=self._insights,
            moves=Moves(self._store, self._live.publish),
            adoption=Adopting(self._store, self._live.publish),
            live=self._live,
            metrics=lambda: generate_latest(self._registry),
            readiness=self.readiness,
            clock=utc_ms,
        )
        application = create_app(services, web)
        listen = self.settings.http.listen
        return WebServer(application, self._live, listen.host, listen.port)

    def _try_settings(
        self, inventory: Inventory | None, then: DetectionSettings, days: int, progress: Callable[[float], None]
    ) -> TrialOutcome:
        """The last days judged with the settings of now and with others."""
        other = self.settings.model_copy(update={"detection": then})
        weeks = Weeks.before(utc_ms(), days)
        found = Question(self._store, inventory, weeks).ask(self.settings, other, progress)
        return TrialOutcome(
            come=tuple(map(_trial_ticket, found.come)),
            go=tuple(map(_trial_ticket, found.go)),
            moved=tuple((_trial_ticket(each.now), _trial_ticket(each.then)) for each in found.moved),
            same=found.same,
        )

    def _make_loop(self, inventory: Inventory | None) -> Loop:
        settings = self.settings
        ProcessCollector(registry=self._registry)
        self._counters.queue_depth.set_function(lambda: len(self._inbox))
        judging = Judging(self._store, make_detection(settings, inventory), self._tickets, tell=self._notices.note)
        intake = IntakeStore(self._store)
        fleet = intake.load()
        if inventory is not None:
            register_schools(self._store, inventory)
            register_devices(self._store, inventory)
            fleet.register = inventory.register
        ingestion = IngestionService(intake.begin, fleet, settings.ingestion, self._counters)
        pipeline = Pipeline(
            take=self._inbox.take,
            feed=ingestion.feed,
            waiting=lambda: ingestion.waiting,
            commit=ingestion.commit,
            commands=ingestion.commands,
            send=self._send,
            judge=judging.judge,
            tick=lambda now: judging.tick(now, listening=self._listening),
            publish=self._live.publish,
            clock=utc_ms,
            batch=settings.ingestion.batch,
            linger_s=settings.ingestion.linger_s,
            tick_s=_TICK_S,
        )
        return Loop("ingest", pipeline.step, pipeline.drain)


def open_store(settings: HubSettings) -> Store:
    """The database, up to date. Raises StoreError."""
    engine = open_engine(settings.store_url)
    upgrade(engine)
    return Store(engine)


def _web_settings(settings: HubSettings) -> WebSettings:
    """A hub that is reached by other names than those of loopback is asked for by any; shortened waits are said on each page."""
    loopback = settings.http.listen.host in LOOPBACK_HOSTS
    short = settings.detection != DetectionSettings.model_validate({})
    return WebSettings(
        allowed_hosts=LOOPBACK_HOSTS if loopback else None,
        usage=settings.usage,
        notes=(Text("note.short_waits"),) if short else (),
    )


def _trial_ticket(fault: Fault) -> TrialTicket:
    return TrialTicket(fault.place, fault.cause, fault.onset_at, fault.opened_at)


def _sun_path(settings: HubSettings, inventory: Inventory | None) -> SunPath:
    """For the satellite that the register names, else for that of DLTV."""
    satellite = inventory.satellite if inventory else None
    position = satellite.orbital_position_deg_east if satellite else _THAICOM_DEG_EAST
    return SunPath(position, settings.detection.sky.sun_angle_deg)


def _together(work: Iterable[Callable[[], None]], within_s: float) -> None:
    """Run all at once, and wait for no longer than that."""
    threads = [threading.Thread(target=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(within_s)
