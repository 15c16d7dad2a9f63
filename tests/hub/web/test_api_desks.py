"""An office's own help desk at the API: reads what happened, takes, answers."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hub.core.people import Permission, Role
from hub.messages.events import Event
from hub.store.events import EventRows
from hub.store.message_tables import message

NOW = 1_795_157_100_000
SEE, WORK, ASKED = Permission.SEE_FLEET, Permission.WORK_ON_TICKETS, Permission.SEE_REQUESTS
TICKET = "/api/v1/desks/office/cases/ticket:1"


@pytest.fixture
def program(base_url: str, token: Callable[..., str]) -> Iterator[Callable[..., httpx.Client]]:
    """A program with the token of a technician."""
    clients: list[httpx.Client] = []

    def with_scopes(*scopes: Permission) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token(Role.TECHNICIAN, *scopes)}", "X-Requested-With": "desk"}
        clients.append(httpx.Client(base_url=base_url, headers=headers))
        return clients[-1]

    yield with_scopes
    for client in clients:
        client.close()


@pytest.fixture
def happened(hub: Any) -> None:
    with hub.fleet.store.begin() as work:
        rows = EventRows(work.connection)
        for number in range(1, 4):
            rows.add(
                Event(f"t{number}", "ticket.opened", f"ticket:{number}", NOW, {"number": number}, "cpm3", "30010012")
            )
        rows.add(Event("r1", "request.opened", "request:SW-2570-0001", NOW, {"number": "SW-2570-0001"}))


def test_what_happened_is_read_on_from_a_cursor(program: Callable[..., httpx.Client], happened: None) -> None:
    client = program(SEE, ASKED)
    answer = client.get("/api/v1/events?limit=2")
    assert answer.status_code == 200, answer.text
    first = answer.json()
    assert [each["subject"] for each in first["items"]] == ["ticket:1", "ticket:2"]
    rest = client.get(first["next"]).json()
    assert [each["subject"] for each in rest["items"]] == ["ticket:3", "request:SW-2570-0001"]
    last = rest["items"][-1]["id"]
    assert client.get(f"/api/v1/events?after={last}").json() == {"items": [], "next": None}
    assert first["items"][0]["data"] == {"subject": "ticket:1", "number": 1}


def test_a_token_without_the_scope_reads_no_requests(program: Callable[..., httpx.Client], happened: None) -> None:
    subjects = [each["subject"] for each in program(SEE).get("/api/v1/events").json()["items"]]
    assert subjects == ["ticket:1", "ticket:2", "ticket:3"]
    assert program(ASKED).get("/api/v1/events").status_code == 403
    assert program(SEE).put(TICKET, json={"reference": "A-1"}).status_code == 403


def test_a_ticket_is_taken_once_and_its_answer_told_to_those_who_work_on_it(
    hub: Any, program: Callable[..., httpx.Client], happened: None
) -> None:
    client = program(SEE, WORK)
    taken = {"reference": "A-1", "url": "https://desk.example/A-1"}
    for _ in range(2):
        answer = client.put(TICKET, json=taken)
        assert (answer.status_code, answer.json()["reference"]) == (200, "A-1")
    assert client.put(TICKET, json={"reference": "A-2"}).status_code == 409
    said = {"state": "closed", "done": True, "solution": "เปลี่ยนสายแล้ว"}
    for _ in range(2):
        assert client.post(f"{TICKET}/answer", json=said).json()["done"] is True
    with hub.fleet.store.reading() as connection:
        ((code, params),) = [(row.code, row.params) for row in connection.execute(message.select())]
    assert (code, params["solution"]) == ("ticket.desk_done", "เปลี่ยนสายแล้ว")
    (case,) = client.get("/api/v1/desks/office/cases").json()["items"]
    assert (case["subject"], case["state"], case["done"]) == ("ticket:1", "closed", True)


def test_what_is_not_there_or_not_taken_is_said(program: Callable[..., httpx.Client], happened: None) -> None:
    client = program(SEE, WORK)
    assert client.put("/api/v1/desks/office/cases/ticket:9", json={"reference": "A"}).status_code == 404
    assert client.put("/api/v1/desks/office/cases/request:SW-2570-0001", json={"reference": "A"}).status_code == 404
    assert client.post(f"{TICKET}/answer", json={"state": "x"}).status_code == 404
    assert client.put(TICKET, json={"reference": ""}).status_code == 422
    assert client.put(TICKET, json={"reference": "A", "url": "javascript:alert(1)"}).status_code == 422
