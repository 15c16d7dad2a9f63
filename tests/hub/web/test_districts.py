"""Two districts in one hub: whoever is limited to one sees its pages, and no word of the other on any of them.

The other district is furnished with everything that there is. The list of routes is the application's own: one of which no
address is known is missed here.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from hub.accounts.person import Place
from hub.accounts.session import Visitor
from hub.core.findings import Incident, RoomDay
from hub.core.people import AT_THE_CONSOLE, Role
from hub.core.texts import Text
from hub.web.gate import declared_routes
from hub.web.settings import WebSettings
from tests.hub.web.furnished import Furnished

NOW, HOUR = 1_795_157_100_000, 3_600_000
OURS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "four odd stones sing"
OTHER, OWN = "cpm3", "cpm1"
OWN_CODE, OWN_NAME = "10990001", "โรงเรียนบ้านเราเอง"
COLLEAGUE = "นายช่างเขตอื่น"
NAMES = ("30010012", "30010027", "บ้านทุ่งดอกจาน", "บ้านหนองน้ำใส", COLLEAGUE, "ครูมานี", OTHER)
"""What is of the other district."""
OF_THE_HUB = {
    *("/whatif", "/audit", "/people", "/people/{person_id}", "/admin/settings", "/metrics"),
    *("/admin/messages", "/admin/messages/roles/{role}", "/admin/webhooks"),
    *("/audit/export.{kind}", "/people/export.{kind}", "/admin/messages/export.{kind}"),
}
"""What is the same for every district, and for nobody who is limited to some."""
BY_SECRET = {"/e/{token}", "/r/{token}", "/s/{token}", "/link/{secret}"}
"""Whoever knows the address may see it: it is the secret."""
FILLED = {
    "group": OTHER,
    "node": "30010012",
    "device": "p1-tv",
    "room": "ป.1",
    "key": "p1-tv",
    "kind": "csv",
    "person_id": "2",
    "year": "2570",
    "period": "2570",
    "code": "LNB-U",
    "line": "1",
    "number": "1",
    **{f"{each}_id": "1" for each in ("batch", "survey", "sheet", "ticket", "file", "photo", "asset", "trip")},
}
"""What stands in an address that nobody has written down below: something of the other district."""
LEFT_OUT = BY_SECRET | {"/api/v1/openapi.json", "/live", "/sign-in/openid", "/sign-in/openid/back"}


@pytest.fixture(scope="module")
def lasting_settings() -> WebSettings:
    return WebSettings(groups=frozenset({OWN, OTHER}))


@pytest.fixture(scope="module")
def other(lasting: Any, lasting_district: Any) -> Furnished:
    """Made by people who work there, and there alone."""
    for role in set(Role) - {Role.ADMIN}:
        person = lasting.accounts.people.by_login(role.value)
        lasting.accounts.people.change(AT_THE_CONSOLE, person.id, replace(person.place, groups=frozenset({OTHER})), NOW)
    made = Furnished(lasting, lasting_district)
    _join(lasting, "colleague", Place(COLLEAGUE, frozenset({Role.TECHNICIAN}), groups=frozenset({OTHER})))
    return made


@pytest.fixture(scope="module")
def own(lasting: Any, other: Furnished) -> int:
    """A school of the own district with a ticket, an incident and a lesson lost. The number of the ticket."""
    fleet = lasting.fleet
    fleet.school(OWN, OWN_CODE, OWN_NAME)
    node = fleet.node(OWN, OWN_CODE)
    fleet.device(node, "p1-tv", "tv", {"device/reachable": False}, room="ป.1")
    fleet.device(node, "p1-receiver", "receiver", {"signal/lock": True}, room="ป.1")
    fleet.incident(Incident(OWN, "own", "rain_fade", NOW - HOUR, None, {OWN_CODE: (NOW - HOUR, None)}))
    fleet.room_days(RoomDay(OWN, OWN_CODE, "ป.1", "2026-11-20", {"tv_failed": 30.0}, 60.0))
    opened = (NOW - HOUR, "opened", Text("evidence.tv_failed.silent", {"onset_at": NOW, "held_min": 5.0}))
    return int(fleet.ticket(node, "p1-tv", "tv_failed", ["silent"], [opened]))


def _join(lasting: Any, login: str, place: Place) -> None:
    made = lasting.accounts.links.invite(AT_THE_CONSOLE, login, place, NOW)
    lasting.accounts.links.redeem(made.secret, PASSWORD, Visitor("127.0.0.1"), NOW)


@pytest.fixture(scope="module", params=[Role.ADMIN, Role.SCHOOL], ids=str)
def limited(lasting: Any, own: int, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """An admin of the own district may most; a teacher's school has the code of one of the other district."""
    role = request.param
    school = "30010012" if role is Role.SCHOOL else None
    _join(lasting, f"limited-{role}", Place("เรา", frozenset({role}), school, frozenset({OWN})))
    yield from _client(lasting, f"limited-{role}")


@pytest.fixture(scope="module")
def admin(lasting: Any, own: int) -> Iterator[httpx.Client]:
    _join(lasting, "own-admin", Place("เรา", frozenset({Role.ADMIN}), groups=frozenset({OWN})))
    yield from _client(lasting, "own-admin")


def _client(lasting: Any, login: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lasting.url, timeout=60) as client:
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD}, headers=OURS)
        assert answer.status_code == 303, answer.text
        # Nobody is on this machine: the hub's own figures are shut as well.
        client.headers["X-Forwarded-For"] = "198.51.100.7"
        yield client


def addresses(lasting: Any, other: Furnished) -> Mapping[str, tuple[str, ...]]:
    """Of each route that can be read, with the other district's places in it."""
    number, round_, school = other.repairs[0], other.round, f"/schools/{OTHER}/30010012"
    span = f"from={NOW - 5 * HOUR}&to={NOW}"
    known: dict[str, tuple[str, ...]] = {
        **other.pages,
        "/": ("/", "/?every=1", "/?show=silent"),
        "/schools/{group}/{node}/background": (f"{school}/background?device=p1-tv&{span}",),
        "/schools/{group}/{node}/series.csv": (f"{school}/series.csv?device=p1-tv&metric=power/on&{span}",),
        "/search": ("/search?q=30010012", "/search?q=ทุ่ง", f"/search?q={number}", "/search?q=7730"),
        "/requests": ("/requests", "/requests?show=all"),
        "/requests/{number}/papers/{form}.{kind}": (f"/requests/{number}/papers/F01.pdf",),
        "/lessons": ("/lessons", f"/lessons?group={OTHER}"),
        "/usage": ("/usage?show=all", f"/usage?show=all&group={OTHER}"),
        "/incidents": ("/incidents", "/incidents?show=all"),
        "/reports": ("/reports", "/reports?period=2570", f"/reports?group={OTHER}"),
        "/director": ("/director", f"/director?group={OTHER}"),
        "/reports/{period}/report.xlsx": ("/reports/2570/report.xlsx", f"/reports/2570/report.xlsx?group={OTHER}"),
        "/reports/{period}/{form}.pdf": ("/reports/2570/F32.pdf",),
        "/assets/export.{kind}": ("/assets/export.csv?state=all",),
        "/admin/schools/export.{kind}": ("/admin/schools/export.csv", f"/admin/schools/export.csv?group={OTHER}"),
        "/lessons/export.{kind}": ("/lessons/export.csv", f"/lessons/export.csv?group={OTHER}"),
        "/usage/export.{kind}": ("/usage/export.csv?show=all", f"/usage/export.csv?show=all&group={OTHER}"),
        "/tickets": ("/tickets", "/tickets?show=all", "/tickets?q=30010012&show=all"),
        "/tickets/export.{kind}": ("/tickets/export.csv?show=all", "/tickets/export.xlsx?show=all"),
        "/requests/export.{kind}": ("/requests/export.csv?show=all",),
        "/incidents/export.{kind}": ("/incidents/export.csv",),
        "/needs/export.{kind}": ("/needs/export.csv?advice=all", f"/needs/export.csv?advice=all&group={OTHER}"),
        "/allocation/{number}/plan.xlsx": (f"/allocation/{round_}/plan.xlsx",),
        "/allocation/{number}/lines/{line}/F35.pdf": (f"/allocation/{round_}/lines/1/F35.pdf",),
        "/api/v1/reports/{period}": ("/api/v1/reports/2570", f"/api/v1/reports/2570?group={OTHER}"),
        "/api/v1/allocation/{number}": (f"/api/v1/allocation/{round_}",),
        "/api/v1/requests": ("/api/v1/requests", "/api/v1/requests?show=all"),
        "/api/v1/requests/{number}": (f"/api/v1/requests/{number}",),
        "/api/v1/requests/{number}/papers": (f"/api/v1/requests/{number}/papers",),
        "/api/v1/requests/{number}/papers/{form}.{kind}": (f"/api/v1/requests/{number}/papers/F01.pdf",),
        "/api/v1/devices": ("/api/v1/devices", f"/api/v1/devices?group={OTHER}&node=30010012"),
        "/api/v1/series": (f"/api/v1/series?group={OTHER}&node=30010012&device=p1-tv&metric=power/on",),
        "/api/v1/tickets": ("/api/v1/tickets?state=all", "/api/v1/tickets?state=all&q=30010012"),
        "/api/v1/desks/{desk}/cases": ("/api/v1/desks/theirs/cases",),
        "/api/v1/incidents": ("/api/v1/incidents", f"/api/v1/incidents?group={OTHER}"),
        "/api/v1/incidents/{group}/{key:path}": (f"/api/v1/incidents/{OTHER}/rain",),
        "/api/v1/lessons": ("/api/v1/lessons", f"/api/v1/lessons?group={OTHER}"),
        "/api/v1/rooms": ("/api/v1/rooms", f"/api/v1/rooms?group={OTHER}"),
    }
    routes = {each.path for each in declared_routes(lasting.app) if each.method == "GET"} - LEFT_OUT
    found = {path: known.get(path, (_filled(path),)) for path in sorted(routes)}
    unknown = [path for path, places in found.items() if any("{" in each for each in places)]
    assert unknown == [], "write addresses of these, with places of the other district in them"
    return found


def _filled(path: str) -> str:
    for name, value in FILLED.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def secrets_of(other: Furnished) -> tuple[str, ...]:
    return (*NAMES, *other.repairs, *other.others, other.round, other.sticker, other.blank_sticker, other.sheet)


def text_of(answer: httpx.Response) -> str:
    """Of a workbook, that of its parts."""
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return answer.text


def test_no_page_says_a_word_of_another_district(lasting: Any, other: Furnished, limited: httpx.Client) -> None:
    faults = []
    # Both districts have a school of that code.
    own = "30010012" if "30010012" in limited.get("/account").text else ""
    for path, places in addresses(lasting, other).items():
        for address in places:
            answer = limited.get(address)
            told = text_of(answer)
            if answer.status_code >= 500:
                faults.append(f"{path}: {address}: {answer.status_code}")
            # What was asked for may be said again.
            faults += [
                f"{path}: {address}: {answer.status_code} says {each}"
                for each in secrets_of(other)
                if each != own and each not in address and each in told
            ]
    assert faults == [], "\n".join(faults)


def test_what_is_of_another_district_is_not_there_for_them(
    lasting: Any, other: Furnished, limited: httpx.Client
) -> None:
    through = [
        f"{address}: {answer.status_code}"
        for path, places in addresses(lasting, other).items()
        for address in places
        if any(each in address.partition("?")[0] for each in secrets_of(other))
        and (answer := limited.get(address)).status_code not in (403, 404)
    ]
    assert through == []


def test_every_list_is_there_cut_down(lasting: Any, other: Furnished, admin: httpx.Client) -> None:
    refused = {
        path
        for path, places in addresses(lasting, other).items()
        if ("{" not in path or "export" in path) and path != "/api/v1/series"
        for address in places[:1]
        if admin.get(address).status_code in (401, 403)
    }
    assert refused == {path for path in OF_THE_HUB if "{" not in path or "export" in path}


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/tickets", "/incidents", "/lessons", "/usage?show=all", "/tickets/export.csv", "/incidents.atom"),
        *(
            "/incidents/export.csv",
            "/lessons/export.csv",
            "/search?q=1099",
            "/incidents/cpm1/own",
            "/api/v1/rooms",
            "/api/v1/lessons",
        ),
        *("/api/v1/nodes", "/api/v1/devices", "/api/v1/tickets", "/api/v1/incidents", "/api/v1/rooms?group=cpm1"),
    ],
)
def test_their_own_is_there(admin: httpx.Client, address: str) -> None:
    answer = admin.get(address)
    assert answer.status_code == 200
    assert OWN_CODE in answer.text or OWN_NAME in answer.text


def test_the_numbers_are_those_of_their_own(admin: httpx.Client, own: int) -> None:
    assert [each["id"] for each in admin.get("/api/v1/tickets?state=all").json()["items"]] == [own]
    assert admin.get("/api/v1/lessons").json()["lost_min"] == 30
    assert ">1</b>" in admin.get("/tickets?lang=en").text


def test_a_live_page_of_theirs_hears_that_something_changed(admin: httpx.Client, own: int) -> None:
    for topic, status in (("fleet", 200), ("tickets", 200), (f"ticket {own}", 200), ("ticket 1", 403)):
        with admin.stream("GET", "/live", params={"topic": topic}) as answer:
            assert answer.status_code == status, topic
    with admin.stream("GET", "/live", params={"topic": f"node {OTHER}/30010012"}) as answer:
        assert answer.status_code == 403


def test_a_feed_is_cut_down_for_whoever_subscribed(lasting: Any, admin: httpx.Client) -> None:
    page = admin.get("/incidents").text
    address = page.partition('href="/incidents.atom?')[2].partition('"')[0].replace("&amp;", "&")
    with httpx.Client(base_url=lasting.url, timeout=60) as reader:
        told = reader.get(f"/incidents.atom?{address}").text
    assert OWN_NAME in told
    assert not [each for each in NAMES if each in told]


def test_the_stock_as_a_file_is_that_of_their_own_office(lasting: Any, admin: httpx.Client) -> None:
    whole = lasting.as_role(Role.ADMIN)
    told = [
        client.get(f"/supply/export.csv{query}").text.splitlines()[1]
        for client, query in ((admin, ""), (admin, f"?group={OWN}"), (whole, f"?group={OTHER}"))
    ]
    assert told[0] == told[1]
    assert admin.get(f"/supply/export.csv?group={OTHER}").status_code == 404
    # Five lie at the hub's own office, for whoever sees all.
    assert whole.get("/supply/export.csv").text.splitlines()[1:] != [told[2]]


def test_nothing_is_offered_that_is_not_for_them(admin: httpx.Client) -> None:
    page = admin.get("/manage").text
    assert 'href="/admin/agents"' in page
    assert not [path for path in OF_THE_HUB if f'href="{path}"' in page]
