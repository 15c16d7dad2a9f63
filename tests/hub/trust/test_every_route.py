"""Every way into the device listener, and who gets through it: the list is the application's own."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from starlette.routing import Mount, Route

from hub.bundles.installation import INSTALLERS, SUM
from hub.rolling.side import ReleaseSide
from provisioning.core.contract import CONFIGS, LETTER_HEADER, Enrolled, Kind, Letter, Outcome, Renewal, Result

SCHOOL, NEIGHBOUR = "36100042", "36100043"
CONFIG = f"{CONFIGS}cpm3/{SCHOOL}/abc.1.toml"
OUTCOME = Outcome(Kind.UPDATE, "1.0", Result.HEALTHY, "").encode()
PASSES = "passes"


class Who(NamedTuple):
    """How each fares: the word of the refusal, or PASSES.

    nobody     knows the address only
    node       the school's own computer, with a letter to this very address
    strayed    its letter, which was written to another address
    forged     its certificate, shown by somebody who has not the key
    neighbour  a computer of another school of the same hub, with a letter of its own
    shut_out   the school's computer after it was revoked
    """

    nobody: str
    node: str
    strayed: str
    forged: str
    neighbour: str
    shut_out: str


ANYBODY = Who(*[PASSES] * 6)
LETTER = Who("request-refused", PASSES, "letter-refused", "letter-refused", PASSES, "node-revoked")
"""A neighbour passes because a letter speaks for its own node only: see the tests below the table."""
ONLY_THE_NODE = Who("request-refused", PASSES, "letter-refused", "letter-refused", "letter-refused", "node-revoked")
CODE = Who("code-unknown", PASSES, "code-used", "code-used", "code-used", "node-revoked")
"""Joining goes by the code of a slip, which its computer may show again; `nobody` guesses one, the others found it."""
TABLE: dict[tuple[str, str], dict[str, Who]] = {
    ("GET", "/v1/trust"): {"/v1/trust": ANYBODY},
    ("POST", "/v1/enrol"): {"/v1/enrol": CODE},
    ("POST", "/v1/renew"): {"/v1/renew": LETTER},
    ("POST", "/v1/node"): {"/v1/node": LETTER},
    ("POST", "/v1/outcome"): {"/v1/outcome": LETTER},
    ("GET", "/tuf/…"): {
        "/tuf/metadata/timestamp.json": ANYBODY,
        "/tuf/targets/releases/1.0/abc.zip": ANYBODY,
        CONFIG: ONLY_THE_NODE,
    },
    ("GET", "/…"): {
        "/install.sh": ANYBODY,
        "/install.sh.sha256": ANYBODY,
        "/install.ps1": ANYBODY,
        "/install.ps1.sha256": ANYBODY,
        "/bundle/1.0/x86_64.zip": ANYBODY,
    },
}
"""By route; of one that serves a folder, each kind of file in it."""
BODIES = {"/v1/outcome": OUTCOME}
WAYS = [(way[0], path) for way, paths in TABLE.items() for path in paths]


@dataclass
class Cast:
    """Those who ask: the node, which holds its slip's code and certificate, its neighbour, and somebody without a key."""

    hub: Any
    node: Any
    code: str
    held: Enrolled
    neighbour: Any
    of_neighbour: Enrolled
    stranger: Any

    def ask(self, who: str, method: str, path: str) -> str:
        """PASSES, or the word of the refusal."""
        if path == "/v1/enrol":
            return told(self._hand(who).enrol("3" * 16 if who == "nobody" else self.code))
        letter = self._letter(who, path)
        if method == "POST":
            return told(self.node.ask(path, letter or b"{}"))
        headers = {LETTER_HEADER: Letter.decode(letter).header()} if letter else {}
        status, content, _ = self.node.call(method, path, None, headers)
        return told((status, {} if status == 200 else json.loads(content)))

    def _hand(self, who: str) -> Any:
        """Whose key it is."""
        if who in ("strayed", "forged"):
            return self.stranger
        return self.neighbour if who == "neighbour" else self.node

    def _letter(self, who: str, path: str) -> bytes | None:
        if who == "nobody":
            return None
        writing = self.stranger if who == "forged" else self.neighbour if who == "neighbour" else self.node
        held = self.of_neighbour if who == "neighbour" else self.held
        said = Renewal(writing.csr).encode() if path == "/v1/renew" else BODIES.get(path, "{}")
        return bytes(writing.letter(held.certificate, "/v1/elsewhere" if who == "strayed" else path, said))


def told(answer: tuple[int, Any]) -> str:
    status, content = answer
    return PASSES if status == 200 else str(content["error"]["code"])


def enrolled(answer: tuple[int, Any]) -> Enrolled:
    return Enrolled.decode(json.dumps(answer[1]).encode())


@pytest.fixture
def hub(make_hub: Callable[..., Any]) -> Any:
    made = make_hub(enrolment={"wrong_codes_per_hour": 1000, "requests_per_minute": 1000})
    fill(made)
    return made.serve(mounts=ReleaseSide(made.settings, made.store, made.clock).mounts)


def fill(hub: Any) -> None:
    """Something stands at every address of the table."""
    data = hub.settings.data_dir
    for path in TABLE["GET", "/tuf/…"]:
        file = data / "repository" / path.removeprefix("/tuf/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("password")
    (data / "bundles" / "1.0").mkdir(parents=True)
    (data / "bundles" / "1.0" / "x86_64.zip").write_bytes(b"bundle")
    marks = {"x86_64": {"sha256": hashlib.sha256(b"bundle").hexdigest(), "size": 6}}
    (data / "bundles" / "1.0.json").write_text(json.dumps({"version": "1.0", "platforms": marks}), "ascii")


@pytest.fixture
def cast(hub: Any, make_device: Callable[[Any], Any]) -> Cast:
    node, neighbour, stranger = (make_device(hub) for _ in range(3))
    code = hub.code(SCHOOL)
    held, of_neighbour = enrolled(node.enrol(code)), enrolled(neighbour.enrol(hub.code(NEIGHBOUR)))
    return Cast(hub, node, code, held, neighbour, of_neighbour, stranger)


def routes_of(app: Any) -> set[tuple[str, str]]:
    """The application's own; what is mounted below a path is one way in, and anything unknown has its name."""
    found: set[tuple[str, str]] = set()
    for route in app.routes:
        if isinstance(route, Mount):
            found.add(("GET", f"{route.path}/…"))
        elif isinstance(route, Route):
            found |= {(method, route.path) for method in route.methods or ()}
        else:
            found.add((type(route).__name__, str(route)))
    return found


def test_every_route_stands_in_the_table(hub: Any) -> None:
    assert routes_of(hub.devices.app) == set(TABLE)


def test_every_installer_stands_in_the_table() -> None:
    listed = {path for path in TABLE["GET", "/…"] if path.startswith("/install")}
    assert listed == {f"/{name}{end}" for name in INSTALLERS for end in ("", SUM)}


@pytest.mark.parametrize("who", Who._fields)
def test_everybody_fares_as_the_table_says(cast: Cast, who: str) -> None:
    if who == "shut_out":
        cast.hub.revoke(SCHOOL)
    expected = {path: getattr(fares, who) for paths in TABLE.values() for path, fares in paths.items()}
    assert {path: cast.ask(who, method, path) for method, path in WAYS} == expected


def test_a_folder_shows_no_list_of_what_is_in_it(cast: Cast) -> None:
    for path in ("/", "/bundle", "/bundle/1.0", "/tuf", "/tuf/metadata", "/tuf/targets", f"{CONFIGS}cpm3/{SCHOOL}"):
        assert cast.node.call("GET", path, None, {})[0] in (400, 403, 404), path


def test_a_letter_speaks_for_the_node_that_wrote_it_and_for_no_other(cast: Cast) -> None:
    renewed = enrolled(cast.neighbour.renew(cast.of_neighbour, cast.stranger))
    assert (renewed.group, renewed.node) == ("cpm3", NEIGHBOUR)


def test_nothing_is_changed_by_what_is_only_read(cast: Cast) -> None:
    for path in [path for method, path in WAYS if method == "GET"]:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert cast.node.call(method, path, b"x", {})[0] in (400, 405), (method, path)
