"""Every type of request that is offered, walked through the API on ways that together take every step from every state.

Each step is tried first as it must not go: by somebody who may not, on an old page, without what must be filled, and as a
step that does not lead on from here. What is refused changes nothing; what is done stands in the history, and in the audit
where the definition says so. The pages tell the same in the reader's language, and keep what was typed.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from hub.core.people import Role
from hub.store.audit import Wanted, entries
from hub.workflows.loading import load_definitions
from hub.workflows.schema import AsksModel, Definition, Kind
from tests.hub.workflows.walking import FILE, Taken, actor, covering, invented, opener, stranger

PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
OURS = {"Sec-Fetch-Site": "same-origin"}
OFFERED = {name: each for name, each in load_definitions().items() if each.offered}
_SUPPLY = ("tests/hub/web/test_supply_pages.py", "tests/hub/web/test_supply_browser.py")
OWN_WALKS = {
    "repair": ("tests/hub/web/test_repair_pages.py", "tests/hub/web/test_every_workflow_in_a_browser.py"),
    "allocation": ("tests/hub/web/test_allocation_pages.py", "tests/hub/web/test_allocation_browser.py"),
    "loan": _SUPPLY,
    "material_request": _SUPPLY,
    "purchase_request": _SUPPLY,
    "specification": _SUPPLY,
}
"""Types with behaviour of the hub: what they need besides their fields is in walks of their own."""
WALKED = {name: each for name, each in OFFERED.items() if name not in OWN_WALKS}
every = pytest.mark.parametrize("definition", WALKED.values(), ids=list(WALKED))
By = Callable[[Role], httpx.Client]


@pytest.fixture(scope="module")
def office(lasting: Any) -> Any:
    """With one school that has one device."""
    fleet = lasting.fleet
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    fleet.device(fleet.node("cpm3", "30010012"), "p1-tv", "tv", {"power/on": True}, room="ป.1")
    return lasting


class Walker:
    """Takes requests of a type through the API, as the roles that may."""

    def __init__(self, definition: Definition, as_role: By) -> None:
        self.definition, self.client = definition, as_role
        self._turn = 0
        self._tried: set[str] = set()

    def values(self, asks: AsksModel, client: httpx.Client) -> dict[str, Any]:
        given = invented(self.definition, asks, self._turn)
        return {name: self._file(client) if value == FILE else value for name, value in given.items()}

    def opened(self) -> dict[str, Any]:
        self._turn += 1
        client = self.client(opener(self.definition))
        wish = {"type": self.definition.id, "values": self.values(self.definition.opening, client), "note": "เริ่ม"}
        made: dict[str, Any] = _done(client.post("/api/v1/requests", json=wish, headers=PROGRAM), 201)
        return made

    def taken(self, request: Mapping[str, Any], step: Taken) -> dict[str, Any]:
        transition = self.definition.transitions[step.name]
        client = self.client(actor(self.definition, transition))
        wish = {
            "transition": step.name,
            "version": request["version"],
            "values": self.values(transition, client),
            "note": "ต่อ",
        }
        if step.name not in self._tried:
            self._tried.add(step.name)
            self._refused(client, request, step, wish)
        after: dict[str, Any] = _done(
            client.post(f"/api/v1/requests/{request['number']}/steps", json=wish, headers=PROGRAM), 200
        )
        self._told(request, step, wish, after)
        return after

    def _told(self, before: Mapping[str, Any], step: Taken, wish: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        transition, entry = self.definition.transitions[step.name], after["history"][-1]
        assert (after["state"], after["version"]) == (step.to, before["version"] + 1)
        assert after["history"][:-1] == before["history"]
        told = (entry["transition"], entry["origin"], entry["to"], entry["note"], entry["documents"])
        assert told == (step.name, step.origin, step.to, "ต่อ", list(transition.documents))
        assert set(entry["values"]) == set(wish["values"])
        assert after["values"].keys() >= wish["values"].keys()
        assert after["open"] == any(name for name, _ in self.definition.leaving(step.to))

    def _refused(self, client: httpx.Client, request: Mapping[str, Any], step: Taken, wish: dict[str, Any]) -> None:
        transition, path = self.definition.transitions[step.name], f"/api/v1/requests/{request['number']}/steps"
        if (other := stranger(self.definition, transition)) is not None:
            problem = self.client(other).post(path, json=wish, headers=PROGRAM).json()
            assert (problem["status"], problem["title"]) == (403, "not allowed"), step
        stale = client.post(path, json={**wish, "version": wish["version"] - 1}, headers=PROGRAM).json()
        assert (stale["status"], stale["title"]) == (409, "stale"), step
        if transition.asks:
            lacking = client.post(path, json={**wish, "values": {}}, headers=PROGRAM).json()
            named = {each["field"] for each in lacking["errors"]}
            assert (lacking["status"], named) == (422, {f"values.{name}" for name in transition.asks}), step
        for name, each in self.definition.transitions.items():
            if step.origin not in each.origins:
                problem = client.post(path, json={**wish, "transition": name}, headers=PROGRAM).json()
                assert (problem["status"], problem["title"]) == (409, "not from here"), name
        same = client.get(f"/api/v1/requests/{request['number']}").json()
        assert (same["version"], same["history"]) == (request["version"], request["history"])

    @staticmethod
    def _file(client: httpx.Client) -> int:
        sent = {"name": "ใบ.pdf", "data": base64.b64encode(b"%PDF").decode()}
        return int(_done(client.post("/api/v1/requests/files", json=sent, headers=PROGRAM), 201)["file"])


def _done(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@every
def test_every_step_from_every_state_is_taken_over_the_api(definition: Definition, office: Any) -> None:
    walker = Walker(definition, office.as_role)
    for way in covering(definition):
        request = walker.opened()
        assert request["state"] == definition.begin
        for step in way:
            request = walker.taken(request, step)
        assert not request["open"]
        _audited(definition, office.fleet, request, way)


def _audited(definition: Definition, fleet: Any, request: Mapping[str, Any], way: tuple[Taken, ...]) -> None:
    wanted = [f"request.{step.name}" for step in way if definition.transitions[step.name].audit]
    if definition.opening.audit:
        wanted.insert(0, "request.opened")
    found = entries(fleet.store, Wanted(subject=f"request:{request['number']}"), 100)
    assert [each.what for each in reversed(found)] == wanted


@every
def test_a_page_names_what_is_missing_in_the_readers_language_and_keeps_what_was_typed(
    definition: Definition, office: Any
) -> None:
    client = office.as_role(opener(definition))
    texts = [name for name in definition.opening.fields if definition.fields[name].kind is Kind.TEXT]
    data = {"note": "โน้ตของฉัน <b>", **{f"f.{name}": "" for name in definition.opening.asks}}
    data |= {f"f.{name}": "พิมพ์ไว้ <แล้ว>" for name in texts[:1]}
    missing = [name for name in definition.opening.asks if name not in texts[:1]]
    for language in ("th", "en"):
        path = f"/requests/new/{definition.id}?lang={language}"
        answer = client.post(path, data=data, files={"nothing": ("", b"")}, headers=OURS)
        assert answer.status_code == 422
        told = answer.text.partition('id="refused"')[2].partition("</ul>")[0]
        assert [name for name in missing if f"<b>{definition.fields[name].of(language)}</b>" not in told] == []
        assert "โน้ตของฉัน &lt;b&gt;</textarea>" in answer.text
        assert not texts or "พิมพ์ไว้ &lt;แล้ว&gt;" in answer.text


def test_every_type_that_is_offered_is_walked() -> None:
    """Here, or where what the hub does with it is tried as well."""
    assert WALKED.keys() | OWN_WALKS.keys() >= OFFERED.keys()
