"""The hub, assembled: the only module that knows all parts. Decides in which order they start and end."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, generate_latest

from hub.admission import Housekeeping, accounts_on, base_of, tell_first_admin
from hub.apart.keeper import JudgeApart
from hub.config import HubSettings, Listen
from hub.core.findings import Incident
from hub.core.live import Changes
from hub.guarding import Guarding, needs_guard, pki_folder
from hub.ingestion.arrivals import NodeCommand
from hub.ingestion.counters import Counters
from hub.ingestion.service import IngestionService
from hub.intake_watch import Intake, IntakeGauges, IntakeWatch
from hub.judging import LIVE, Judging, make_detection
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.mqtt.host_client import Host, HostClient, utc_ms
from hub.mqtt.inbox import Inbox
from hub.mqtt.sending_away import SendingAway
from hub.mqtt.tls import TlsFiles
from hub.notifying import Notices
from hub.rolling.side import ReleaseSide
from hub.runtime import Loop, Pipeline
from hub.store.directory import DataDirectory
from hub.store.intake import IntakeStore
from hub.store.inventory import Inventory, read_inventory, register_schools
from hub.store.opening import open_store
from hub.store.registration import register_devices
from hub.store.unit_of_work import UnitOfWork
from hub.surface import Surface
from hub.tickets.service import Tickets
from hub.trust.copying import CopyWatch
from hub.trust.devices import DeviceSide
from hub.trust.opening import open_authority
from hub.watching.signs import IntakeSigns
from hub.watchman import Watched, Watchman

log = logging.getLogger(__name__)

_TICK_S = 2.0
# Together under five seconds, whatever hangs.
_FAREWELL_S = 2.0
_DRAIN_S = 1.5


class App:
    """`start` returns when everything runs, `stop` when all is committed and closed."""

    def __init__(self, settings: HubSettings, *, apart: bool = False) -> None:
        """Claims what others could have: the directory, the ports, the database. Raises what then is to be told the operator.

        apart  a process of its own judges
        """
        inventory = read_inventory(settings.inventory) if settings.inventory else None
        self.settings = settings
        self._registry = CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._counters = Counters(self._registry)
        self._inbox = self._make_inbox()
        with ExitStack() as claims:
            directory = DataDirectory(settings.data_dir)
            claims.callback(directory.release)
            self._store = open_store(settings.store_url, settings.data_dir if apart else None)
            claims.callback(self._store.close)
            self._judge = self._make_judge(claims, directory.judge) if apart else None
            self._guard = self._make_guard()
            if self._guard is not None:
                claims.callback(self._guard.stop)
            self._broker = None if settings.broker_url else self._make_broker()
            if self._broker is not None:
                claims.callback(self._broker.stop)
            self._releases = ReleaseSide(settings, self._store, utc_ms)
            claims.callback(self._releases.stop)
            self._accounts = accounts_on(self._store, settings.accounts)
            self._housekeeping = self._make_housekeeping(claims)
            self._web = Surface(
                settings,
                self._store,
                inventory,
                self._accounts,
                releases=self._releases,
                metrics=lambda: generate_latest(self._registry),
                readiness=self.readiness,
                fetching=lambda: self._devices.fetching if self._devices else None,
            )
            claims.callback(self._web.close)
            self._devices = self._make_devices(claims)
            self._notices = self._make_notices(claims)
            self._watchman = self._make_watchman(claims)
            self._hosts = self._make_hosts(settings.broker_url or self._own_broker())
            self._loop = self._make_loop(inventory)
            self._claims = claims.pop_all()

    @property
    def http(self) -> str:
        return str(Listen(host=self.settings.http.listen.host, port=self._web.port))

    @property
    def devices(self) -> str | None:
        """Where the device API is in use."""
        listen = self.settings.devices.listen
        return str(Listen(host=listen.host, port=self._devices.port)) if listen and self._devices else None

    @property
    def mqtt(self) -> str:
        """The broker in use, without any secret."""
        return str(next(iter(self._hosts.values())).host.broker)

    def start(self) -> None:
        if self._guard is not None:
            self._guard.start()
        if self._broker is not None:
            self._broker.start()
        if self._judge is not None:
            self._judge.start()
        self._loop.start()
        self._notices.start()
        self._web.office.start()
        self._housekeeping.start()
        self._releases.start()
        for host in set(self._hosts.values()):
            host.start()
        self._web.start()
        self._watchman.start()
        if self._devices is not None:
            self._devices.start()
        log.info("web at http://%s, %s broker at %s", self.http, "embedded" if self._broker else "external", self.mqtt)
        tell_first_admin(self._accounts, base_of(self.settings, self._web.port), utc_ms())

    def stop(self) -> None:
        """Say goodbye, so that nothing more comes; commit what came; close."""
        _together([*(host.stop for host in set(self._hosts.values())), self._web.stop], _FAREWELL_S)
        self._inbox.close()
        if not self._loop.stop(_DRAIN_S):
            log.warning("not everything could be committed in time; the agents will send it again")
        if self._judge is not None:
            self._judge.stop()
        self._claims.close()

    def readiness(self) -> Mapping[str, str]:
        """What is not ready, and why."""
        troubles = {f"host {host.host.host_id}": host.trouble for host in self._hosts.values()}
        troubles["broker rules"] = self._guard.trouble if self._guard else ""
        troubles["trust"] = self._devices.trusting.trouble if self._devices else ""
        troubles["releases"] = self._releases.trouble
        troubles["ingestion"] = self._loop.trouble if self._loop.alive else "it does not run"
        troubles["judging"] = self._judge.trouble if self._judge else ""
        return {part: trouble for part, trouble in troubles.items() if trouble}

    def _make_inbox(self) -> Inbox:
        # The embedded broker lets whoever says too much wait; at one whose rules are another's nobody can be sent away.
        away = SendingAway() if self.settings.broker_url and self.settings.broker.rules else None
        return Inbox(self.settings.ingestion.queue, self._counters.reject, sending_away=away)

    def _make_judge(self, claims: ExitStack, held: int) -> JudgeApart:
        judge = JudgeApart(self.settings, held, self._publish)
        claims.callback(judge.stop)
        judge.show(self._registry)
        return judge

    def _make_guard(self) -> Guarding | None:
        if not needs_guard(self.settings):
            return None
        authority = open_authority(pki_folder(self.settings), self._store, utc_ms())
        return Guarding(self.settings, self._store, authority, self._inbox.put, sending_away=self._inbox.sending_away)

    def _make_broker(self) -> EmbeddedBroker:
        listen = self.settings.mqtt.listen
        return EmbeddedBroker(listen.host, listen.port, self._guard.gatekeeper if self._guard else None)

    @property
    def _listening(self) -> bool:
        return not any(host.trouble for host in self._hosts.values())

    def _own_broker(self) -> BrokerUrl:
        assert self._broker is not None
        host, port = self._broker.address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  where to call, not where to listen
        return BrokerUrl(host, port, tls=self._guard is not None)

    def _make_housekeeping(self, claims: ExitStack) -> Housekeeping:
        housekeeping = Housekeeping(self._store, self._accounts)
        claims.callback(housekeeping.stop)
        return housekeeping

    def _make_notices(self, claims: ExitStack) -> Notices:
        notices = Notices(self.settings.notices, self._store, self._web.insights.incident, self._web.zone, utc_ms)
        claims.callback(notices.stop)
        return notices

    def _make_watchman(self, claims: ExitStack) -> Watchman:
        intake = Intake(
            idle_s=lambda: self._loop.idle_s,
            connected=lambda: self._listening,
            heard=lambda: self._counters.heard,
            waiting=lambda: len(self._inbox),
        )
        seen, gauges = IntakeWatch(intake, utc_ms()), IntakeGauges(self._registry)

        def look(now: int) -> IntakeSigns:
            signs = seen.look(now)
            gauges.show(signs)
            return signs

        judge, chores = self._judge, self._web.office.chores
        judged = (lambda: judge.idle_s) if judge else lambda: None
        watched = Watched(look, lambda: chores.idle_s, self.settings.data_dir, judged)
        watchman = Watchman(watched, self._store, self.settings.watch, self._registry, utc_ms)
        claims.callback(watchman.stop)
        return watchman

    def _make_hosts(self, broker: BrokerUrl) -> dict[str, HostClient]:
        """The client of each group."""
        clients, own = {}, self.settings.broker
        for host_id, groups in self.settings.hosts.items():
            files = self._guard.identity(host_id) if self._guard else TlsFiles(own.ca_file, own.certificate, own.key)
            client = HostClient(Host(host_id, groups, broker, files), self._inbox.put)
            clients.update(dict.fromkeys(groups, client))
        return clients

    def _send(self, command: NodeCommand) -> None:
        self._hosts[command.node.group].send(command)

    def _make_devices(self, claims: ExitStack) -> DeviceSide | None:
        if self.settings.devices.listen is None:
            return None
        releases = self._releases
        devices = DeviceSide(self.settings, self._store, utc_ms, updates=releases.rolling, mounts=releases.mounts)
        claims.callback(devices.stop)
        return devices

    def _publish(self, changes: Changes) -> None:
        self._web.publish(changes)

    def _make_judging(self, inventory: Inventory | None) -> Judging:
        detection, tickets = make_detection(self.settings, inventory, LIVE), Tickets(self.settings.tickets)
        return Judging(self._store, detection, tickets, tell=self._tell, keep_up=self._web.office.repairs.follow)

    def _tick(self, judging: Judging | JudgeApart, copies: CopyWatch, now: int) -> frozenset[int]:
        copies.tick(now)
        for command in self._releases.rolling.tick(now):
            self._send(command)
        changed = judging.tick(now, listening=self._listening)
        judging.count_lessons(now)
        return changed

    def _tell(self, work: UnitOfWork, told: Sequence[Incident], now: int) -> None:
        self._notices.note(work, told, now)
        self._web.office.messages.note(work, told, now)

    def _make_loop(self, inventory: Inventory | None) -> Loop:
        settings = self.settings
        ProcessCollector(registry=self._registry)
        self._counters.queue_depth.set_function(lambda: len(self._inbox))
        judging = self._judge or self._make_judging(inventory)
        intake = IntakeStore(self._store)
        fleet = intake.load()
        if inventory is not None:
            register_schools(self._store, inventory)
            register_devices(self._store, inventory)
            fleet.register = inventory.register
        copies = CopyWatch(self._store)
        ingestion = IngestionService(intake.begin, fleet, settings.ingestion, self._counters, copies.heard)
        pipeline = Pipeline(
            take=self._inbox.take,
            feed=ingestion.feed,
            waiting=lambda: ingestion.waiting,
            commit=ingestion.commit,
            commands=ingestion.commands,
            send=self._send,
            judge=judging.judge,
            behind=lambda: judging.behind,
            tick=lambda now: self._tick(judging, copies, now),
            publish=self._publish,
            clock=utc_ms,
            batch=settings.ingestion.batch,
            linger_s=settings.ingestion.linger_s,
            tick_s=_TICK_S,
        )
        return Loop("ingest", pipeline.step, pipeline.drain)


def _together(work: Iterable[Callable[[], None]], within_s: float) -> None:
    """Run all at once, and wait for no longer than that."""
    threads = [threading.Thread(target=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(within_s)
