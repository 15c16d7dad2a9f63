"""What people see of the hub: the web's services, assembled from the store, the settings and the register."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from hub.accounts.audit import Entry
from hub.accounts.service import Accounts
from hub.acting import Adopting
from hub.config import HubSettings
from hub.core.live import Changes
from hub.core.texts import Text
from hub.core.trials import TrialOutcome, TrialTicket
from hub.detection.settings import CalendarSettings, DetectionSettings
from hub.detection.sun import SunPath
from hub.judging import class_days, make_calendars
from hub.mqtt.host_client import utc_ms
from hub.office.office import Office
from hub.replay.whatif import Fault, Question, Weeks
from hub.rolling.side import ReleaseSide
from hub.store.audit import Wanted, entries, verify
from hub.store.directory import kept_secret
from hub.store.insights import StoreInsights
from hub.store.inventory import Inventory
from hub.store.search import StoreSearch
from hub.store.unit_of_work import Store
from hub.store.views import StorePages
from hub.trust.installing import Fetching
from hub.trust.joining import Joining
from hub.trust.lists import Lists
from hub.web.factory import create_app
from hub.web.feed_keys import FeedKeys
from hub.web.live import Live
from hub.web.pages import AuditFilter, ChainState
from hub.web.provider import Provider
from hub.web.server import WebServer
from hub.web.setting_tables import setting_tables
from hub.web.settings import LOOPBACK_HOSTS, WebSettings
from hub.web.site import Services
from hub.web.sun_ahead import SunAhead
from hub.web.trials import Trials
from hub.web.warm import Warming

_THAICOM_DEG_EAST = 78.5
_LOOKS_MS = 60_000
_FEEDS = "feeds.key"
_EXPLAINED = (
    *("detection", "judging", "tickets", "usage", "needs", "reports", "calendar", "accounts", "devices", "enrolment"),
    *("trips", "map", "districts", "rollouts", "office", "messages", "historian", "watch"),
)
"""The tables of hub.toml whose settings say in a sentence what they are for."""


class Surface:
    """The pages of a hub and the server that shows them. Claims the address at once; raises CannotListen."""

    def __init__(
        self,
        settings: HubSettings,
        store: Store,
        inventory: Inventory | None,
        accounts: Accounts,
        *,
        releases: ReleaseSide,
        metrics: Callable[[], bytes],
        readiness: Callable[[], Mapping[str, str]],
        fetching: Callable[[], Fetching | None],
    ) -> None:
        """`fetching`: by what computers of schools install themselves, once that is served."""
        self._settings, self._store, self._inventory, self._accounts = settings, store, inventory, accounts
        web = _web_settings(settings)
        self.zone = ZoneInfo(web.time_zone)
        self.insights = StoreInsights(store, self.zone, partial(class_days, make_calendars(settings, inventory)))
        self.office = Office(store, settings, self.zone, inventory=inventory)
        self._live = Live()
        self._spread: Callable[[Changes], None] = lambda _changes: None
        self.office.moves.tell(self._changed_here)
        self.office.requests.tell(self._changed_here)
        self._trials = Trials(settings.detection, self._try_settings)
        services = self._services(releases=releases, metrics=metrics, readiness=readiness, fetching=fetching)
        listen = settings.http.listen
        try:
            app = create_app(services, web)
            self._server, self._warming = WebServer(app, self._live, listen.host, listen.port), Warming(app)
        except BaseException:
            self._trials.close()
            raise

    @property
    def port(self) -> int:
        """The one in use; of interest where port 0 was asked for."""
        return self._server.port

    def publish(self, changes: Changes) -> None:
        """To the pages that are open."""
        self._live.publish(changes)

    def spread(self, tell: Callable[[Changes], None]) -> None:
        """From now on other processes that serve pages are told of what is changed here."""
        self._spread = tell

    def _changed_here(self, changes: Changes) -> None:
        self._live.publish(changes)
        self._spread(changes)

    def start(self) -> None:
        self._server.start()
        self._warming.start()

    def stop(self) -> None:
        self._warming.stop()
        self._server.stop()

    def close(self) -> None:
        """Nothing is tried any more; the store may be closed after."""
        self.stop()
        self.office.stop()
        self._trials.close()

    def _services(
        self,
        *,
        releases: ReleaseSide,
        metrics: Callable[[], bytes],
        readiness: Callable[[], Mapping[str, str]],
        fetching: Callable[[], Fetching | None],
    ) -> Services:
        settings, store, accounts = self._settings, self._store, self._accounts
        return Services(
            pages=StorePages(store),
            trials=self._trials,
            sun=SunAhead(_sun_path(settings, self._inventory), self.zone),
            insights=self.insights,
            moves=self.office.moves,
            adoption=Adopting(store, self._changed_here),
            live=self._live,
            metrics=metrics,
            readiness=readiness,
            clock=utc_ms,
            accounts=accounts,
            audit=AuditLook(store),
            lists=Lists(store),
            enrolling=Joining(store, settings, self.zone, fetching),
            rollouts=releases.pages,
            profiles=releases.profiles,
            requests=self.office.requests,
            search=StoreSearch(store),
            explained=setting_tables(_explained(settings)),
            office=self.office.pages,
            feed_keys=FeedKeys(accounts, kept_secret(settings.data_dir / _FEEDS)),
            provider=Provider(settings.accounts.oidc, utc_ms) if settings.accounts.oidc.issuer else None,
        )

    def _try_settings(self, then: DetectionSettings, days: int, progress: Callable[[float], None]) -> TrialOutcome:
        """The last days judged with the settings of now and with others."""
        other = self._settings.model_copy(update={"detection": then})
        weeks = Weeks.before(utc_ms(), days)
        found = Question(self._store, self._inventory, weeks).ask(self._settings, other, progress)
        return TrialOutcome(
            come=tuple(map(_trial_ticket, found.come)),
            go=tuple(map(_trial_ticket, found.go)),
            moved=tuple((_trial_ticket(each.now), _trial_ticket(each.then)) for each in found.moved),
            same=found.same,
        )


class AuditLook:
    """The record of what changed trust, for the web. To read the whole chain takes a moment: once a minute is enough."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked: ChainState | None = None

    def entries(self, wanted: AuditFilter, limit: int) -> Sequence[Entry]:
        asked = Wanted(
            what=wanted.what, subject=wanted.subject, who=wanted.who, before=wanted.before, oldest=wanted.oldest
        )
        return entries(self._store, asked, limit)

    def chain(self) -> ChainState:
        now, looked = utc_ms(), self._looked
        if looked is None or now - looked.looked_at > _LOOKS_MS:
            found = verify(self._store)
            looked = self._looked = ChainState(found.kept, found.broken, str(found.head), now)
        return looked


def _web_settings(settings: HubSettings) -> WebSettings:
    """A hub on loopback is asked for by its names there, and by that of the server in front of it; elsewhere by any.

    Shortened waits are said on each page.
    """
    loopback = settings.http.listen.host in LOOPBACK_HOSTS
    links = () if settings.accounts.demo else (settings.accounts.link, settings.notices.link)
    in_front = {urlsplit(link).hostname or "" for link in links if link}
    short = settings.detection != DetectionSettings.model_validate({})
    return WebSettings(
        allowed_hosts=LOOPBACK_HOSTS | in_front if loopback else None,
        usage=settings.usage,
        maps=settings.map,
        districts=settings.districts,
        groups=frozenset(settings.groups),
        notes=(Text("note.short_waits"),) if short else (),
    )


def _trial_ticket(fault: Fault) -> TrialTicket:
    return TrialTicket(fault.place, fault.cause, fault.onset_at, fault.opened_at)


def _sun_path(settings: HubSettings, inventory: Inventory | None) -> SunPath:
    """For the satellite that the register names, else for that of DLTV."""
    satellite = inventory.satellite if inventory else None
    position = satellite.orbital_position_deg_east if satellite else _THAICOM_DEG_EAST
    return SunPath(position, settings.detection.sky.sun_angle_deg)


def _explained(settings: HubSettings) -> Mapping[str, BaseModel]:
    """Without a calendar of its own, the one that is used in its place."""
    told = {name: getattr(settings, name) for name in _EXPLAINED}
    return {name: CalendarSettings.model_validate({}) if each is None else each for name, each in told.items()}
