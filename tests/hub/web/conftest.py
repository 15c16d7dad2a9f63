"""A district in a real database, written row by row, and the web application on top of it."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import insert, select, update

from hub.accounts.person import Place
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.accounts.tokens import Wish
from hub.config import HubSettings
from hub.core.equipment import DeviceKey
from hub.core.findings import Incident, RoomDay
from hub.core.people import AT_THE_CONSOLE, Permission, Role
from hub.core.reports import Sample
from hub.core.texts import Text
from hub.core.trials import TrialOutcome
from hub.detection.settings import DetectionSettings
from hub.detection.sun import SunPath
from hub.office.office import Office
from hub.passwords import Argon2Passwords
from hub.releases.offered import Offered
from hub.releases.repository import SignedRepository
from hub.requesting import make_engine
from hub.rolling.pages import RolloutDesk
from hub.rolling.profiles import ProfileDesk
from hub.rolling.service import Rolling
from hub.rollouts.settings import RolloutSettings
from hub.store.audit import Wanted, entries, verify
from hub.store.bodies import pack
from hub.store.engine import open_engine, upgrade
from hub.store.incidents import keep_incidents
from hub.store.insights import StoreInsights
from hub.store.lessons import keep_room_days
from hub.store.people import AccountBook
from hub.store.registration import Registration
from hub.store.search import StoreSearch
from hub.store.tables import committed, device, epoch, lost, metric, node, report, school, ticket, ticket_entry
from hub.store.unit_of_work import Store
from hub.store.views import StorePages
from hub.trust.installing import Fetching
from hub.trust.joining import Joining
from hub.trust.lists import Lists
from hub.web.csrf import token_of
from hub.web.factory import create_app
from hub.web.feed_keys import FeedKeys
from hub.web.live import Live
from hub.web.pages import AuditFilter, ChainState
from hub.web.provider import Provider
from hub.web.server import WebServer
from hub.web.setting_tables import setting_tables
from hub.web.settings import WebSettings
from hub.web.site import Services
from hub.web.sun_ahead import SunAhead
from hub.web.trials import Trials
from hub.workflows.settings import OfficeSettings
from tests.hub.web.looking import DESK, PHONE, Screen, Seats, chromium
from tests.stores import database
from wire.metrics import DataType, Value
from wire.vocabulary import BY_KIND

ENGINE = make_engine(OfficeSettings.model_validate({}))
PASSWORD = "four odd stones sing"
SCHOOL = "30010012"
FETCHING = Fetching("https://hub.example:8443", "sha256//c2VjcmV0LXBpbi1vZi10aGUtaHViLWZvci10ZXN0cw==")
OURS = {"Sec-Fetch-Site": "same-origin"}
NOW = 1_795_157_100_000
"""20 Nov 2026, 13:45 in Thailand."""
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
_TYPES = {name: datatype for kind in BY_KIND.values() for name, datatype in kind.items()}


class Fleet:
    """Writes rows as ingestion and the tickets would."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self._offsets: dict[int, int] = {}

    def _add(self, table: Any, **values: Any) -> int:
        with self.store.begin() as uow:
            return int(uow.connection.execute(insert(table).values(**values)).inserted_primary_key[0])

    def school(self, group: str, code: str, name: str) -> None:
        with self.store.begin() as uow:
            uow.connection.execute(insert(school).values(group=group, code=code, name=name))

    def node(
        self,
        group: str,
        name: str,
        *,
        online: bool = True,
        heard_at: int | None = NOW - 4000,
        unseen_since: int | None = None,
    ) -> int:
        properties = {
            "agent_version": "0.1.0",
            "os": "Debian GNU/Linux 12",
            "hardware": "Raspberry Pi 4 Model B",
            "profiles_version": "2026.11",
        }
        since = NOW - (3 * HOUR if online else 2 * HOUR)
        return self._add(
            node,
            group=group,
            name=name,
            school=name.partition("-")[0],
            online=online,
            status_since=since,
            heard_at=heard_at,
            properties=properties,
            unseen_since=unseen_since,
        )

    def device(
        self,
        node_id: int,
        key: str,
        kind: str,
        latest: Mapping[str, Value],
        *,
        room: str | None = None,
        model: str | None = None,
        profile: str | None = None,
        stale: bool = False,
        t: int = NOW - 6000,
    ) -> int:
        return self._add(
            device,
            node_id=node_id,
            key=key,
            kind=kind,
            profile=profile,
            room=room,
            properties={"model": model} if model else {},
            stale=stale,
            latest={name: [value, t] for name, value in latest.items()},
        )

    def ticket(
        self,
        node_id: int,
        device_key: str,
        cause: str,
        signs: Sequence[str],
        entries: Sequence[tuple[int, str, Text]],
        *,
        state: str = "reported",
        onset_at: int = NOW - HOUR,
        recovered_at: int | None = None,
        closed_at: int | None = None,
        version: int = 1,
        **more: Any,
    ) -> int:
        ticket_id = self._add(
            ticket,
            node_id=node_id,
            device=device_key,
            cause=cause,
            state=state,
            open=closed_at is None,
            onset_at=onset_at,
            opened_at=entries[0][0] if entries else onset_at,
            recovered_at=recovered_at,
            closed_at=closed_at,
            signs=list(signs),
            version=version,
            **more,
        )
        for t, kind, text in entries:
            self._add(ticket_entry, ticket_id=ticket_id, t=t, kind=kind, code=text.code, params=dict(text.params))
        return ticket_id

    def epoch(self, node_id: int, uuid: str, newest: int) -> int:
        return self._add(
            epoch, node_id=node_id, uuid=uuid, ours=False, newest=newest, judged=newest, first_seen=NOW - DAY
        )

    def ranges(self, epoch_id: int, have: Sequence[tuple[int, int]], gone: Sequence[tuple[int, int]] = ()) -> None:
        with self.store.begin() as uow:
            for first, last in have:
                uow.connection.execute(insert(committed).values(epoch_id=epoch_id, first=first, last=last))
            for first, last in gone:
                row = {"epoch_id": epoch_id, "first": first, "last": last, "noticed_at": NOW - HOUR}
                uow.connection.execute(insert(lost).values(**row))

    def reports(self, epoch_id: int, device_id: int, samples: Sequence[tuple[int, Mapping[str, Value]]]) -> None:
        """Reports (t, values) of one device, with the next offsets of the journal."""
        ids = {name: self._metric(name) for name in {name: 0 for _, values in samples for name in values}}
        rows = []
        for t, values in samples:
            self._offsets[epoch_id] = self._offsets.get(epoch_id, 0) + 1
            samples = {name: Sample(value, _TYPES[name]) for name, value in values.items()}
            body = pack(samples, {(name, each.datatype): ids[name] for name, each in samples.items()})
            row = {"epoch_id": epoch_id, "offset": self._offsets[epoch_id], "device_id": device_id, "t": t}
            rows.append({**row, "body": body})
        with self.store.begin() as uow:
            uow.connection.execute(insert(report), rows)

    def _metric(self, name: str) -> int:
        datatype = int(_TYPES.get(name, DataType.DOUBLE))
        with self.store.begin() as uow:
            found = uow.connection.execute(select(metric.c.id).where(metric.c.name == name)).scalar()
        return int(found) if found is not None else self._add(metric, name=name, datatype=datatype)

    def incident(self, told: Incident) -> None:
        with self.store.begin() as uow:
            keep_incidents(uow.connection, [told])

    def room_days(self, *days: RoomDay) -> None:
        with self.store.begin() as uow:
            keep_room_days(uow.connection, days)

    def set_latest(self, device_id: int, latest: Mapping[str, Value], t: int = NOW) -> None:
        with self.store.begin() as uow:
            values = {name: [value, t] for name, value in latest.items()}
            uow.connection.execute(update(device).where(device.c.id == device_id).values(latest=values))


class Adopting:
    """Adoption on the tables alone."""

    def __init__(self, store: Store) -> None:
        self._registration = Registration(store)

    def adopt(self, device: DeviceKey) -> bool:
        return self._registration.adopt(device, NOW)


class AuditLook:
    """The record on the tables alone, looked at anew each time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, wanted: AuditFilter, limit: int) -> Any:
        asked = Wanted(what=wanted.what, subject=wanted.subject, who=wanted.who, before=wanted.before)
        return entries(self._store, asked, limit)

    def chain(self) -> ChainState:
        found = verify(self._store)
        return ChainState(found.kept, found.broken, str(found.head), NOW)


@dataclass
class Hub:
    """The application and what stands behind it."""

    fleet: Fleet
    live: Live
    app: FastAPI
    accounts: Accounts
    office: Office
    not_ready: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hub") / "empty.db"
    engine = open_engine(database(path))
    upgrade(engine)
    store = Store(engine)
    _invite_all(make_accounts(store))
    store.close()
    return path


def make_accounts(store: Store, **settings: Any) -> Accounts:
    """With passwords that cost next to nothing."""
    passwords = Argon2Passwords(time_cost=1, memory_kib=32)
    return Accounts.on(AccountBook(store), passwords, AccountsSettings.model_validate(settings), secrets.token_bytes)


def _invite_all(accounts: Accounts) -> None:
    """One person of each role, called by it."""
    for role in Role:
        place = Place(role.value.title(), frozenset({role}), SCHOOL if role is Role.SCHOOL else None)
        made = accounts.links.invite(AT_THE_CONSOLE, role.value, place, NOW - DAY)
        accounts.links.redeem(made.secret, PASSWORD, Visitor("127.0.0.1"), NOW - DAY)


@pytest.fixture
def fleet(empty_database: Path, tmp_path: Path) -> Iterator[Fleet]:
    path = tmp_path / "hub.db"
    store = Store(open_engine(database(path, like=empty_database)))
    yield Fleet(store, tmp_path)
    store.close()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings()


@pytest.fixture
def account_settings() -> dict[str, Any]:
    """What [accounts] sets."""
    return {}


@pytest.fixture
def hub(fleet: Fleet, settings: WebSettings, account_settings: dict[str, Any]) -> Hub:
    return make_hub(fleet, settings, make_accounts(fleet.store, **account_settings))


@pytest.fixture
def another_hub(fleet: Fleet, settings: WebSettings, account_settings: dict[str, Any]) -> Callable[..., Hub]:
    """The same hub, started once more."""
    return lambda trials=None: make_hub(fleet, settings, make_accounts(fleet.store, **account_settings), trials)


def weekdays(_school: str, first: str, last: str) -> list[str]:
    """Class from Monday to Friday."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return [day.isoformat() for day in days if day.weekday() < 5]


def nothing_changes(_then: DetectionSettings, _days: int, _progress: Callable[[float], None]) -> TrialOutcome:
    return TrialOutcome((), (), (), 0)


def rollouts_on(store: Store, repository: SignedRepository) -> RolloutDesk:
    offered = Offered(repository, lambda: NOW)
    return RolloutDesk(store, Rolling(store, offered, RolloutSettings(), lambda: NOW), offered)


def make_hub(fleet: Fleet, settings: WebSettings, accounts: Accounts, trials: Trials | None = None) -> Hub:
    live = Live(interval_s=0.3, heartbeat_s=1.0)
    not_ready: dict[str, str] = {}
    # Empty, and nothing is offered, until a test makes its keys.
    repository = SignedRepository(fleet.folder / "repository", fleet.folder / "pki")
    served = HubSettings(data_dir=fleet.folder, groups=tuple(sorted(settings.groups)) or ("dltv",))
    office = Office(fleet.store, served, ZoneInfo(settings.time_zone), lambda: NOW, ENGINE)
    office.requests.tell(live.publish)
    services = Services(
        pages=StorePages(fleet.store),
        trials=trials or Trials(DetectionSettings(), nothing_changes),
        sun=SunAhead(SunPath(78.5, 1.4), ZoneInfo(settings.time_zone)),
        insights=StoreInsights(fleet.store, ZoneInfo(settings.time_zone), weekdays),
        moves=office.moves,
        adoption=Adopting(fleet.store),
        live=live,
        metrics=lambda: b"dltv_up 1\n",
        readiness=lambda: not_ready,
        clock=lambda: NOW,
        accounts=accounts,
        audit=AuditLook(fleet.store),
        lists=Lists(fleet.store),
        enrolling=Joining(fleet.store, HubSettings(), ZoneInfo(settings.time_zone), lambda: FETCHING),
        rollouts=rollouts_on(fleet.store, repository),
        profiles=ProfileDesk(fleet.store, repository, lambda: NOW),
        requests=office.requests,
        search=StoreSearch(fleet.store),
        explained=setting_tables({"accounts": accounts.settings, "detection": DetectionSettings()}),
        office=office.pages,
        feed_keys=FeedKeys(accounts, b"feeds"),
        provider=Provider(accounts.settings.oidc, lambda: NOW) if accounts.settings.oidc.issuer else None,
    )
    return Hub(fleet, live, create_app(services, settings), accounts, office, not_ready)


@pytest.fixture
def base_url(hub: Hub) -> Iterator[str]:
    """The application served on a real port."""
    server = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def reader_of(url: str) -> httpx.Client:
    """Speaks without TLS: to read all the authorities that there are would take longer than most tests."""
    return httpx.Client(base_url=url, timeout=60, verify=False)


@dataclass
class Lasting:
    """One hub for all tests of a file that can share one: to make one for each would take most of their time."""

    fleet: Fleet
    url: str
    app: FastAPI
    live: Live
    accounts: Accounts
    office: Office
    clients: dict[Role, httpx.Client] = field(default_factory=dict)

    def as_role(self, role: Role) -> httpx.Client:
        if role not in self.clients:
            client = self.clients[role] = reader_of(self.url)
            answer = client.post("/sign-in", data={"login": role.value, "password": PASSWORD}, headers=OURS)
            assert answer.status_code == 303, answer.text
            client.headers["X-CSRF-Token"] = token_of(client.cookies["session"])
        return self.clients[role]


@pytest.fixture(scope="module")
def lasting_settings() -> WebSettings:
    return WebSettings()


@pytest.fixture(scope="module")
def lasting(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, lasting_settings: WebSettings
) -> Iterator[Lasting]:
    path = tmp_path_factory.mktemp("lasting") / "hub.db"
    store = Store(open_engine(database(path, like=empty_database)))
    fleet = Fleet(store, path.parent)
    hub = make_hub(fleet, lasting_settings, make_accounts(store))
    server = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    server.start()
    lasting = Lasting(fleet, f"http://127.0.0.1:{server.port}", hub.app, hub.live, hub.accounts, hub.office)
    yield lasting
    for client in lasting.clients.values():
        client.close()
    server.stop()
    store.close()


@pytest.fixture
def anybody(base_url: str) -> Iterator[httpx.Client]:
    """Somebody who is not signed in."""
    with reader_of(base_url) as client:
        yield client


@pytest.fixture
def visit() -> Iterator[Callable[[str, Role], httpx.Client]]:
    """Somebody of a role, who has signed in as people do; changes carry the word of the session."""
    clients: list[httpx.Client] = []

    def sign_in(url: str, role: Role) -> httpx.Client:
        client = reader_of(url)
        clients.append(client)
        answer = client.post("/sign-in", data={"login": role.value, "password": PASSWORD}, headers=OURS)
        assert answer.status_code == 303, answer.text
        client.headers["X-CSRF-Token"] = token_of(client.cookies["session"])
        return client

    yield sign_in
    for client in clients:
        client.close()


@pytest.fixture
def as_role(base_url: str, visit: Callable[[str, Role], httpx.Client]) -> Callable[[Role], httpx.Client]:
    """Somebody of a role at the hub of the test."""
    return lambda role: visit(base_url, role)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[PHONE, DESK], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """What the pages of a test are looked at on, one after the other."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def sit(browser: Browser, base_url: str, as_role: Callable[[Role], httpx.Client], screen: Screen) -> Iterator[Seats]:
    """People in front of that screen at the hub of the test; none of their pages may complain."""
    seats = Seats(browser, base_url, lambda role: as_role(role).cookies["session"], screen)
    yield seats
    seats.close()
    assert seats.complaints() == []


@pytest.fixture
def client(as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
    """The head of the group: sees all and works on it."""
    return as_role(Role.GROUP_HEAD)


@pytest.fixture
def token(hub: Hub) -> Callable[..., str]:
    """An API token of somebody of a role, with scopes."""

    def issue(role: Role, *scopes: Permission) -> str:
        person = hub.accounts.people.by_login(role.value)
        assert person is not None
        wish = Wish(person.id, "test", frozenset(scopes), 1)
        return hub.accounts.tokens.issue(person.principal, wish, NOW).secret

    return issue


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition, a minute at most."""

    def wait(holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            asyncio.run(asyncio.sleep(0.01))

    return wait


@dataclass
class District:
    """One school in good order, one that is silent, and a ticket of each sort."""

    node: int
    silent: int
    tv: int
    receiver: int
    journal: int
    open_ticket: int
    recovered_ticket: int
    closed_ticket: int


@pytest.fixture
def district(fleet: Fleet) -> District:
    return written(fleet)


@pytest.fixture(scope="module")
def lasting_district(lasting: Lasting) -> District:
    return written(lasting.fleet)


def written(fleet: Fleet) -> District:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    node_id = fleet.node("cpm3", "30010012")
    silent = fleet.node("cpm3", "30010027", online=False, heard_at=NOW - 2 * HOUR)
    host = {"host/cpu_pct": 12.0, "host/mem_used_pct": 31.0, "net/internet": True, "host/uptime_s": 7200}
    fleet.device(node_id, "", "computer", host)
    answering: dict[str, Value] = {"device/reachable": True, "power/on": True}
    receiver = fleet.device(
        node_id, "p1-receiver", "receiver", {**answering, "signal/lock": True, "signal/cnr_db": 12.4}, room="ป.1"
    )
    tv = fleet.device(
        node_id, "p1-tv", "tv", {"device/reachable": False, "input/source": "HDMI 1"}, room="ป.1", model="LG 43UR640S"
    )
    fleet.device(silent, "p1-tv", "tv", answering, room="ป.1", stale=True)
    journal = fleet.epoch(node_id, "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10", 100)
    fleet.ranges(journal, [(1, 60), (71, 100)], [(61, 70)])
    evidence = Text("evidence.tv_failed.silent", {"onset_at": NOW - HOUR, "held_min": 50.0, "witness": "p1-receiver"})
    opened = (NOW - 10 * MINUTE, "opened", evidence)
    return District(
        node=node_id,
        silent=silent,
        tv=tv,
        receiver=receiver,
        journal=journal,
        open_ticket=fleet.ticket(node_id, "p1-tv", "tv_failed", ["silent"], [opened]),
        recovered_ticket=fleet.ticket(
            node_id, "p1-receiver", "receiver_failed", [], [opened], recovered_at=NOW - 5 * MINUTE, version=2
        ),
        closed_ticket=fleet.ticket(
            silent, "p1-tv", "tv_no_signal", [], [opened], state="closed", closed_at=NOW - MINUTE, version=4
        ),
    )
