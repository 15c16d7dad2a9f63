"""The composition root: settings into adapters and services, tied together. The only module that knows them all."""

import importlib.metadata
import logging
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from agent.adapters.announcement_ear import AnnouncementEar
from agent.adapters.finds_file import FindsFile
from agent.adapters.handoff_files import HandoffFiles
from agent.adapters.links import open_link
from agent.adapters.net_probe import NetProbe
from agent.adapters.paho_broker import Habits, PahoBroker, Trust
from agent.adapters.port_sweep import open_ports
from agent.adapters.psutil_host import PsutilHost
from agent.adapters.sqlite_journal import SqliteJournal
from agent.adapters.surroundings import files_named, host_of, lines_named, own_networks, real_place
from agent.adapters.system_clock import SystemClock
from agent.adapters.systemd_notify import SystemdNotify
from agent.config import ReportingSettings, Settings
from agent.core.backlog import Backlog
from agent.core.births import Births
from agent.core.devices import DeviceSettings
from agent.core.identities import Identities
from agent.core.neighbourhood import Neighbourhood, neighbourhoods
from agent.core.readings import Poll
from agent.core.report import Reporter
from agent.core.servers import Servers
from agent.core.session import Session
from agent.core.voice import Voice
from agent.errors import OperatorError
from agent.services.commanding import Commanding
from agent.services.devices import BadDevice, Device, Mistake, build_devices, host_device
from agent.services.driver import Driver
from agent.services.heartbeat import Heartbeat
from agent.services.inbox import Inbox
from agent.services.journalling import Journalling
from agent.services.newcomers import Hands, Newcomers
from agent.services.polling import Polling
from agent.services.publishing import Adopted, Item, Parts, Publishing, ReloadAsked, StopAsked
from agent.services.reloading import Arrangement, Configured, Lookout, Reloading
from agent.services.watching import Lines, Network, Watching, Ways
from agent.services.wellbeing import Wellbeing
from firmware_profiles.links import Scheme
from firmware_profiles.loader import Catalogue, UnknownProfile, load_catalog
from firmware_profiles.toml_model import TomlMistake

log = logging.getLogger(__name__)

LAST_WORDS_S = 1.0


@dataclass(frozen=True, slots=True)
class Site:
    """What there is to read: the agent's own computer first, and what is wrong with the devices that cannot be read."""

    settings: Settings
    devices: tuple[Device, ...]
    mistakes: tuple[Mistake, ...]
    net: NetProbe

    @property
    def arrangement(self) -> Arrangement:
        settings = {each.key: each for each in self.settings.device}
        host, *devices = self.devices
        keyed = {each.name: Configured(settings[each.name], each) for each in devices}
        return Arrangement(host, keyed, self.settings.lasting)


def survey(settings: Settings, catalogue: Catalogue | None = None, net: NetProbe | None = None) -> Site:
    """Raises OperatorError where the agent's own computer cannot be read as it is set, TomlMistake for wrong profiles."""
    profiles = catalogue or catalogue_of(settings)
    probe = net or NetProbe(settings.host.internet, settings.host.internet_every_s, settings.host.ntp)
    host = _host(settings, profiles, probe)
    devices, mistakes = build_devices(settings.device, profiles, open_link)
    return Site(settings, (host, *devices), tuple(mistakes), probe)


def catalogue_of(settings: Settings) -> Catalogue:
    """The built-in profiles, and the newer set over them, each of which was read. Raises TomlMistake."""
    catalogue = load_catalog(over=settings.profiles.directory)
    for profile_id in sorted(catalogue.newer):
        catalogue.profile(profile_id)
    return catalogue


def run(settings: ReportingSettings, read_again: Callable[[], ReportingSettings]) -> None:
    """Until SIGTERM or SIGINT; on SIGHUP settings and profiles are read again. Raises OperatorError where it cannot begin."""
    require_trust(settings)
    site = _site_to_begin_with(settings)
    clock = SystemClock()
    journal = SqliteJournal(settings.journal_folder, clock.utc_ms(), max_bytes=settings.journal.max_mb * 1_000_000)
    inbox: Inbox[Item] = Inbox()
    broker = _broker(settings, inbox)
    identities = Identities(each.equipment for each in site.devices)
    polling = Polling(site.devices, lambda poll: _hand_on(poll, identities, inbox), clock)
    reporter = _reporter(settings, site)
    read = partial(_surveyed_again, read_again, site.net)
    look_out = partial(_lookout, settings, identities, inbox, polling)
    reloading = Reloading(site.arrangement, read, look_out, polling, identities)
    handoff = HandoffFiles(settings.handoff_folder) if settings.handoff_folder else None
    publishing = Publishing(
        Parts(
            session=_session(settings, site, journal),
            journalling=_journalling(settings, journal),
            broker=broker,
            reporter=reporter,
            commanding=Commanding(lambda: _poll_now(reporter, polling), handoff.want if handoff else None),
            clock=clock,
            inbox=inbox,
            reload=reloading.reload,
            wellbeing=Wellbeing(version(), handoff.tell) if handoff else None,
            heartbeat=_heartbeat(),
        )
    )
    _obey_signals(inbox)
    for each in (site.net, polling, reloading):
        each.start()
    publishing.run()
    # In this order: nothing new is read, what was read is kept and sent, the node says that it goes.
    site.net.stop()
    reloading.stop()
    inbox.close()
    polling.stop()
    publishing.finish()
    broker.close(LAST_WORDS_S)
    journal.close()


def _heartbeat() -> Heartbeat | None:
    minder = SystemdNotify.of(os.environ)
    return Heartbeat(minder) if minder else None


def _obey_signals(inbox: Inbox[Item]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: inbox.interrupt(StopAsked()))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: inbox.interrupt(ReloadAsked()))


def _site_to_begin_with(settings: Settings) -> Site:
    site = survey(settings, _catalogue_to_begin_with(settings))
    for mistake in site.mistakes:
        log.error("%s", mistake)
    return site


def _catalogue_to_begin_with(settings: Settings) -> Catalogue:
    """An agent that knows less is better than none."""
    try:
        return catalogue_of(settings)
    except TomlMistake as mistake:
        log.error("%s; the built-in profiles alone hold", mistake)
        return load_catalog()


def _surveyed_again(read_again: Callable[[], Settings], net: NetProbe) -> Arrangement:
    """All or nothing. Raises OperatorError and TomlMistake."""
    site = survey(read_again(), net=net)
    if site.mistakes:
        raise OperatorError("; ".join(map(str, site.mistakes)))
    return site.arrangement


def _hand_on(poll: Poll, identities: Identities, inbox: Inbox[Item]) -> None:
    identities.hear(poll)
    inbox.put(poll)


def _poll_now(reporter: Reporter, polling: Polling) -> None:
    """Who asks for a reading wants to see it, changed or not."""
    reporter.tell_all()
    polling.poll_now()


def read(site: Site, wanted: set[str]) -> Iterator[tuple[Device, Poll]]:
    """One reading of each device, or of those that are wanted by name."""
    clock, stopping = SystemClock(), threading.Event()
    for device in site.devices:
        if not wanted or device.name in wanted:
            driver = Driver(device, device.open_channel(clock, stopping), clock)
            yield device, driver.round()
            driver.close()


def require_trust(settings: Settings) -> None:
    """Raises OperatorError for certificates that cannot be used."""
    uplink = settings.uplink
    for key, path in (("ca", uplink.ca), ("certificate", uplink.certificate), ("key", uplink.key)):
        if path is not None and not path.is_file():
            raise OperatorError(f"uplink.{key}: there is no file {path}; name the right one")
    try:
        _trust(settings).context()
    except OSError as error:
        raise OperatorError(f"uplink.ca, certificate, key: {error}; name PEM files that belong together") from None


def version() -> str:
    try:
        return importlib.metadata.version("dltv-fleet")
    except importlib.metadata.PackageNotFoundError:
        return "source"


def _host(settings: Settings, catalogue: Catalogue, net: NetProbe) -> Device:
    facts = PsutilHost(settings.host.sysfs, net)
    properties = {"Properties/agent_version": version(), "Properties/profiles_version": catalogue.version}
    try:
        profile = catalogue.profile(settings.host.profile or facts.profile_id())
        return host_device(facts, profile, settings.host.every_s, properties)
    except (UnknownProfile, BadDevice) as error:
        raise OperatorError(f"host.profile: {error}") from None


def _lookout(
    settings: Settings,
    identities: Identities,
    inbox: Inbox[Item],
    polling: Polling,
    devices: Mapping[str, DeviceSettings],
) -> Lookout:
    wish, clock = settings.discovery, SystemClock()
    file = FindsFile(settings.journal_folder)

    def present() -> dict[str, str]:
        files = files_named(Scheme.DVB, wish.dvb) | files_named(Scheme.CEC, wish.cec)
        return lines_named(wish.serial) | files

    def adopt(device: Device) -> None:
        # In this order: its first poll must find it known.
        inbox.put(Adopted(device))
        polling.add(device)

    def catalogue() -> Catalogue:
        return _catalogue_to_begin_with(settings)

    network = Network(
        nearby=lambda: _nearby(wish.subnets),
        open_ear=AnnouncementEar,
        knock=lambda doors, stopping: open_ports(doors, stopping, lambda _tried: None),
        host_of=host_of,
    )
    ways = Ways(Lines(present, real_place), network if wish.network else None, open_link, catalogue)
    newcomers = Newcomers(devices.values(), identities, file.read(), Hands(adopt, polling.move, file.keep))
    return Lookout(Watching(ways, newcomers, clock, every_s=wish.every_s), newcomers)


def _nearby(subnets: Sequence[str]) -> list[Neighbourhood]:
    """Raises OperatorError where there is nothing that may be searched."""
    near, large = neighbourhoods(own_networks(), subnets)
    if large and not near:
        raise OperatorError("; ".join(large))
    return near


def _reporter(settings: Settings, site: Site) -> Reporter:
    rules = {each.equipment.key: each.profile.report for each in site.devices}
    return Reporter(rules, shift_ms=crc32(f"{settings.group}/{settings.node}".encode()))


def _journalling(settings: Settings, journal: SqliteJournal) -> Journalling:
    every_s, patience_s = settings.journal.commit_every_s, settings.journal.patience_s
    return Journalling(journal, int(every_s * 1000), int(patience_s * 1000))


def _broker(settings: Settings, inbox: Inbox[Item]) -> PahoBroker:
    habits = Habits(f"dltv-{settings.group}-{settings.node}", settings.uplink.keepalive_s, _trust(settings))
    return PahoBroker(settings.uplink.addresses, habits, inbox.put)


def _trust(settings: Settings) -> Trust:
    return Trust(settings.uplink.ca, settings.uplink.certificate, settings.uplink.key)


def _session(settings: Settings, site: Site, journal: SqliteJournal) -> Session:
    marks, uplink = journal.marks(), settings.uplink
    births = Births(each.equipment for each in site.devices)
    backlog = Backlog(marks, uplink.replay_per_s)
    return Session(
        settings.primary_host,
        births=births,
        voice=Voice(settings.group, settings.node, births, backlog.marks, datatypes=uplink.datatypes_in_data),
        backlog=backlog,
        servers=Servers(len(uplink.addresses), random.random),
        bd_seq=marks.bd_seq,
    )
