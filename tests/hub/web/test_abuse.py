"""The whole web application under requests that nobody's browser makes, at a hub where everything has something to show.

The JSON API under what schemathesis invents from its own description: no answer is a failure of the hub, and each is what the
description says. The pages under what could stand in their addresses and forms: no answer is a failure. `make abuse` asks far
more, with another seed each time.
"""

import csv
import io
import random
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup

from hub.accounts.person import Place
from hub.accounts.session import Visitor
from hub.accounts.tokens import Wish
from hub.core.assets import Asset, Deed
from hub.core.people import AT_THE_CONSOLE, Permission, Role
from hub.store.assets import AssetRows
from hub.store.supply import StockRows
from hub.supply.stock import Item
from hub.web.gate import DeclaredRoute, declared_routes
from hub.web.settings import WebSettings
from tests.abuse import seeds, times
from tests.hub.web.conftest import NOW, PASSWORD
from tests.hub.web.furnished import Furnished
from tests.hub.web.test_gate import OURS, PLACE

pytestmark = pytest.mark.e2e
HELD = [
    *(not_a_server_error, status_code_conformance, content_type_conformance),
    *(response_headers_conformance, response_schema_conformance),
]
FEW = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.generate], "database": None}
"""Without making a failure small: what was asked is told as it is, and to ask again changes what is there."""
STRANGE = (
    *(
        "..",
        "../..",
        "..%2f..%2fetc%2fpasswd",
        "....//",
        "/etc/passwd",
        "\\..\\",
        ".git",
        "%2e%2e%2f",
        "con",
        "%",
        "%ff",
    ),
    *(
        "0",
        "-1",
        "1.5",
        "9" * 30,
        "1e5",
        "NaN",
        "true",
        "null",
        "[]",
        "{}",
        "()",
        "$(id)",
        "';--",
        '"',
        "<b>",
        "#x",
        "",
    ),
    *(
        "\0",
        "\x7f",
        "\ud7ff",
        "\u202e",
        "é",
        "ก็",
        "𝔘",
        "a" * 3000,
        " ",
        "\t",
        "\r\nSet-Cookie: a=b",
        "=1+1",
        "@SUM(A1)",
    ),
    *(
        "2026-11-20",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "25:00",
        "๒๕๗๐",
        "ใหม่",
        "1,000.005",
        "cpm3",
        "x/y",
        "a,b",
        "p1-tv",
    ),
)
FIELDS = (
    *(
        "q",
        "show",
        "group",
        "school",
        "room",
        "from",
        "to",
        "page",
        "after",
        "before",
        "version",
        "type",
        "name",
        "next",
    ),
    *(
        "period",
        "year",
        "day",
        "due_on",
        "kind",
        "code",
        "quantity",
        "price",
        "id",
        "lang",
        "sort",
        "note",
        "role",
        "url",
    ),
    *("file", "photo", "once", "login", "password", "which", "line", "data", "reason", "first", "second", "service"),
)
UPLOADS = (
    b"",
    b"\0",
    b"PK\x03\x04",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"a,b\n1,2\n",
    b"<svg/>",
    b"[[[[",
    b"%PDF",
)


@pytest.fixture(scope="module")
def lasting_settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture(scope="module")
def known(lasting: Any, lasting_district: Any) -> Mapping[str, Any]:
    """What leads to something that is there, by the names of parameters and fields."""
    furnished = Furnished(lasting, lasting_district)
    more = {"number": furnished.repairs[0], "school": "cpm3/30010012", "type": "repair", "version": 1, "kind": "csv"}
    return {**PLACE, **more, "token": furnished.sticker, "secret": furnished.secret, "person_id": "2"}


@pytest.fixture(scope="module")
def operations(lasting: Any) -> list[Any]:
    """Those of the API, as it describes them itself."""
    told = requests.get(f"{lasting.url}/api/v1/openapi.json", timeout=60).json()
    return [found.ok() for found in schemathesis.openapi.from_dict(told).get_all_operations()]


def program_of(lasting: Any, roles: frozenset[Role]) -> dict[str, str]:
    """Its headers: a token of somebody, with all that they may."""
    name = f"tried-{len(roles)}"
    place = Place(name, roles)
    made = lasting.accounts.links.invite(AT_THE_CONSOLE, name, place, NOW)
    lasting.accounts.links.redeem(made.secret, PASSWORD, Visitor("127.0.0.1"), NOW)
    person = lasting.accounts.people.by_login(name)
    scopes = frozenset(each for each in Permission if person.principal.may(each))
    issued = lasting.accounts.tokens.issue(person.principal, Wish(person.id, "abuse", scopes, 1), NOW)
    return {"Authorization": f"Bearer {issued.secret}", "X-Requested-With": "abuse"}


@st.composite
def cases(draw: st.DrawFn, operation: Any, known: Mapping[str, Any]) -> Any:
    """What the description allows, or nearly; with or without what is really there."""
    case = draw(operation.as_strategy(generation_mode=draw(st.sampled_from(list(GenerationMode)))))
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict) and part:
            there = draw(st.sets(st.sampled_from(sorted(part))))
            part.update({name: known[name] for name in there & known.keys()})
    return case


def flaws(
    lasting: Any, operations: list[Any], known: Mapping[str, Any], headers: Mapping[str, str], most: int
) -> dict[str, str]:
    """By operation, what is wrong with an answer of it."""
    found: dict[str, str] = {}
    with requests.Session() as session:

        def one(case: Any) -> None:
            answer = case.call(base_url=lasting.url, session=session, headers=headers, timeout=60)
            try:
                case.validate_response(answer, checks=HELD)
            except FailureGroup as failures:
                found[case.operation.label] = f"{case.as_curl_command()}: {failures.exceptions}"[:2000]

        for operation in operations:
            settings(max_examples=most, **FEW)(given(cases(operation, known))(one))()
    return found


def test_whatever_somebody_asks_who_may_everything_the_api_answers_as_it_says(
    lasting: Any, operations: list[Any], known: Mapping[str, Any]
) -> None:
    """Everything: each permission that there is."""
    everything = program_of(lasting, frozenset(Role) - {Role.SCHOOL})
    assert flaws(lasting, operations, known, everything, times(3)) == {}


def test_whatever_somebody_asks_who_may_little_the_api_answers_as_it_says(
    lasting: Any, operations: list[Any], known: Mapping[str, Any]
) -> None:
    little = program_of(lasting, frozenset({Role.TECHNICIAN}))
    assert flaws(lasting, operations, known, little, times(2)) == {}


def test_whatever_nobody_asks_the_api_answers_as_it_says(
    lasting: Any, operations: list[Any], known: Mapping[str, Any]
) -> None:
    assert flaws(lasting, operations, known, {"X-Requested-With": "abuse"}, times(2)) == {}


def pages(app: Any) -> list[DeclaredRoute]:
    """But those that never end, and the one after which nobody is signed in any more."""
    left_out = {"/live", "/sign-out", "/account/sessions/end"}
    found = [each for each in declared_routes(app) if each.method in ("GET", "POST")]
    return [each for each in found if not each.path.startswith("/api/") and each.path not in left_out]


class Stranger:
    """Asks for what could stand in addresses and forms. The same seed asks the same."""

    def __init__(self, client: httpx.Client, known: Mapping[str, Any], seed: int) -> None:
        self._client, self._known, self._random = client, known, random.Random(seed)

    def ask(self, route: DeclaredRoute) -> httpx.Response:
        path = re.sub(r"{([^}]+)}", self._place, route.path)
        address = path + self._query()
        if route.method == "GET":
            return self._client.get(address)
        files = {name: ("a.xlsx", self._random.choice(UPLOADS)) for name in ("file", "photo")}
        sent = files if self._random.random() < 0.3 else None
        return self._client.post(address, data=self._fields(8), files=sent, headers=OURS)

    def _place(self, found: re.Match[str]) -> str:
        name = found[1].partition(":")[0]
        told = self._known[name] if name in self._known and self._random.random() < 0.7 else self._word()
        return quote(str(told), safe="%" if self._random.random() < 0.5 else "") or "x"

    def _query(self) -> str:
        fields = self._fields(3)
        return "?" + "&".join(f"{name}={quote(text)}" for name, text in fields.items()) if fields else ""

    def _fields(self, most: int) -> dict[str, str]:
        names = self._random.sample(FIELDS, self._random.randint(0, most))
        return {name: str(self._known[name]) if name in self._known else self._word() for name in names}

    def _word(self) -> str:
        if self._random.random() < 0.7:
            return self._random.choice(STRANGE)
        return "".join(
            chr(self._random.choice((0x20, 0x2F, 0xE01, 0x1F600)) + self._random.randrange(30)) for _ in range(9)
        )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.GROUP_HEAD], ids=str)
def test_whatever_stands_in_an_address_or_a_form_no_page_fails(
    lasting: Any, known: Mapping[str, Any], role: Role
) -> None:
    failed = []
    for seed in seeds():
        stranger = Stranger(lasting.as_role(role), known, seed)
        for route in pages(lasting.app):
            answer = stranger.ask(route)
            if answer.status_code >= 500 or "root:x:0" in answer.text:
                failed.append(f"seed {seed}: {route.method} {answer.request.url} {answer.request.content!r:.2000}")
    assert failed == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Origin", "http://["), ("Origin", "null"), ("Host", "["), ("Referer", "http://["), ("HX-Current-URL", "http://[")),
        *(("Accept-Language", "th;q=" + "9" * 400), ("Accept-Language", ",;=" * 300), ("Cookie", "session=" + "\xe9" * 50)),
        *(("Authorization", "Bearer \xff"), ("Content-Type", "multipart/form-data"), ("Content-Type", "text/x; charset=x")),
        *(("X-Forwarded-For", "[::1"), ("If-None-Match", '"' * 999), ("Range", "bytes=9-1"), ("If-Modified-Since", "x")),
        *(("Last-Event-ID", "\xe9"), ("Content-Encoding", "gzip"), ("Forwarded", "for=[")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", [Role.GROUP_HEAD, None], ids=str)
def test_no_header_makes_the_hub_fail(lasting: Any, name: str, value: str, who: Role | None) -> None:
    carried = [(name.encode(), value.encode("latin-1"))]
    cookies = {} if who is None else dict(lasting.as_role(who).cookies)
    with httpx.Client(base_url=lasting.url, timeout=60, cookies=None if name == "Cookie" else cookies) as client:
        for method, path in (
            ("GET", "/tickets"),
            ("POST", "/sign-in"),
            ("GET", "/api/v1/nodes"),
            ("GET", "/static/dltv.css"),
        ):
            answer = client.request(method, path, headers=carried, content=b"a=b" if method == "POST" else None)
            assert answer.status_code < 500, (method, path, answer.text[:300])


FORMULA = '=HYPERLINK("http://evil.example","ดู")'
SIGNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def named_by_somebody(lasting: Any, known: Mapping[str, Any]) -> None:
    """Formulas wherever people give names."""
    fleet = lasting.fleet
    fleet.school("cpm3", "30010099", FORMULA)
    node = fleet.node("cpm3", "30010099")
    fleet.device(node, "p1-tv", "tv", {"device/reachable": False}, room=FORMULA, model=FORMULA)
    fleet.ticket(node, "p1-tv", "tv_failed", ["silent"], [])
    with fleet.store.begin() as work:
        thing = Asset("cpm3", "tv", "+1", "@x", FORMULA, school="30010099", room="-2+3", vendor=FORMULA)
        AssetRows(work.connection).add(thing, Deed("added", "command", "", NOW))
        StockRows(work.connection).add_item(Item("@SUM", FORMULA, "+1", "cable"))


def cells_of(answer: httpx.Response) -> list[Any]:
    if answer.content.startswith(b"PK"):
        book = load_workbook(io.BytesIO(answer.content))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        return [cell.value for cell in cells]
    return [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]


def is_formula(cell: Any) -> bool:
    """Of a CSV, in which nothing says that a text is one. A number with a sign is none."""
    if not isinstance(cell, str) or not cell.startswith(SIGNS):
        return False
    return not re.fullmatch(r"[+-]?[0-9]+([.][0-9]+)?", cell)


def test_no_file_that_is_handed_out_holds_a_formula(
    lasting: Any, known: Mapping[str, Any], named_by_somebody: None
) -> None:
    written = 0
    for route in pages(lasting.app):
        if route.method != "GET" or not route.path.endswith((".{kind}", ".csv", ".xlsx")):
            continue
        for kind in ("csv", "xlsx"):
            there = {**known, "kind": kind, "number": "1"}
            path = re.sub(r"{([^}]+)}", lambda found, there=there: quote(str(there[found[1]])), route.path)
            answer = lasting.as_role(Role.ADMIN if path.startswith("/admin") else Role.GROUP_HEAD).get(path)
            if answer.status_code == 200:
                cells = cells_of(answer)
                written += sum("HYPERLINK" in str(cell) for cell in cells)
                if not answer.content.startswith(b"PK"):
                    assert [cell for cell in cells if is_formula(cell)] == [], path
    assert written >= 4, "schools, tickets, things and stock as CSV and as workbooks"
