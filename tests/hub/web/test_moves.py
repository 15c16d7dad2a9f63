"""Moving a ticket on, by page and by API."""

import re
from typing import Any

import httpx
import pytest

OURS = {"Sec-Fetch-Site": "same-origin"}
PROGRAM = {"X-Requested-With": "a test"}


def step(client: httpx.Client, name: str, version: int, note: str = "", **fields: str) -> httpx.Response:
    """Of the ticket's repair."""
    form = {"version": version, "note": note} | {f"f.{field}": value for field, value in fields.items()}
    return client.post(f"/tickets/1/steps/{name}", data=form, headers=OURS)


def test_each_step_of_its_repair_has_a_button_and_leads_back_to_the_ticket(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/1?lang=en").text
    steps = ["inspect", "cancel", "mended_remotely", "plan_visit", "set_urgency", "report_again"]
    assert sorted(re.findall(r'id="step-(\w+)"', page)) == sorted(steps)
    answer = step(client, "inspect", 1, "called the school")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets/1#main")
    page = client.get("/tickets/1").text
    assert "From “Reported” to “Inspecting”." in page
    assert "<blockquote>called the school</blockquote>" in page


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1?lang=en")
    step(client, "inspect", 1)
    answer = step(client, "cancel", 1, "typed <here>", why="nobody is there")
    assert answer.status_code == 409
    assert "Somebody changed this request" in answer.text
    assert "typed &lt;here&gt;</textarea>" in answer.text
    assert "nobody is there</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert 'id="step-diagnose"' in answer.text
    assert 'href="/tickets/1?lang=th"' in answer.text


def test_a_step_that_is_not_allowed_is_refused_and_keeps_what_was_typed(client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1?lang=en")
    answer = step(client, "hand_over", 1, "typed", accepted_by="the head")
    assert answer.status_code == 409
    assert "<blockquote>typed</blockquote>" in answer.text
    assert "the head" in answer.text


def test_what_a_step_asks_is_said_by_its_field(client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1?lang=en")
    answer = step(client, "cancel", 1, "typed")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "typed</textarea>" in answer.text


def test_a_ticket_and_its_repair_lead_to_each_other_and_stand_in_the_same_state(
    client: httpx.Client, district: Any
) -> None:
    step(client, "inspect", 1)
    assert 'id="repair" href="/requests/RP-2570-0001"' in client.get("/tickets/1").text
    told = client.get("/api/v1/requests/RP-2570-0001").json()
    assert (told["state"], told["values"]["symptom"]) == ("inspecting", "cause.tv_failed")
    assert client.get("/api/v1/tickets/1").json()["state"] == "inspecting"


def test_only_what_is_well_again_is_closed_without_a_visit(client: httpx.Client, district: Any) -> None:
    assert 'id="step-close_recovered"' not in client.get("/tickets/1").text
    answer = step(client, "close_recovered", 1)
    assert answer.status_code == 422
    assert 'id="step-close_recovered"' in client.get("/tickets/2").text
    client.post("/tickets/2/steps/close_recovered", data={"version": 1}, headers=OURS)
    assert client.get("/api/v1/tickets/2").json()["state"] == "closed"


def test_a_ticket_that_does_not_exist_cannot_be_moved(client: httpx.Client) -> None:
    assert step(client, "cancel", 1).status_code == 404


def test_a_closed_ticket_offers_no_step(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/3?lang=en").text
    assert "This ticket is done" in page
    assert 'id="step-' not in page


@pytest.mark.parametrize(("name", "version"), [("nonsense", "1"), ("x" * 99, "1")])
def test_a_step_that_there_is_not_is_refused(client: httpx.Client, district: Any, name: str, version: str) -> None:
    assert client.post(f"/tickets/1/steps/{name}", data={"version": version}, headers=OURS).status_code == 404


class TestApi:
    """The same over JSON."""

    def test_a_move_answers_with_the_ticket_as_it_is_then(self, client: httpx.Client, district: Any) -> None:
        wish = {"to": "inspecting", "version": 1, "note": "by phone"}
        answer = client.post("/api/v1/tickets/1/moves", json=wish, headers=PROGRAM)
        assert answer.status_code == 200
        ticket = answer.json()
        assert (ticket["state"], ticket["version"]) == ("inspecting", 2)
        assert ticket["allowed_moves"] == ["diagnosed", "verifying", "cancelled"]
        assert ticket["entries"][-1]["params"] == {"from": "reported", "to": "inspecting", "note": "by phone"}

    @pytest.mark.parametrize(
        ("wish", "status", "title", "field"),
        [
            ({"to": "inspecting", "version": 9}, 409, "stale", "version"),
            ({"to": "handed_over", "version": 1}, 409, "not allowed", "to"),
            ({"to": "closed", "version": 1}, 409, "not allowed", "to"),
            ({"to": "cancelled", "version": 1}, 422, "fields", "values"),
            ({"to": "inspecting"}, 422, "invalid input", "version"),
            ({"to": "inspecting", "version": 1, "typo": 1}, 422, "invalid input", "typo"),
            ({"to": "closed", "version": 1, "note": "x" * 2001}, 422, "invalid input", "note"),
        ],
    )
    def test_a_refusal_names_the_field_and_the_way_out(
        self, client: httpx.Client, district: Any, wish: dict[str, Any], status: int, title: str, field: str
    ) -> None:
        answer = client.post("/api/v1/tickets/1/moves", json=wish, headers=PROGRAM)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (status, status)
        assert (problem["title"], problem["field"]) == (title, field)
        assert problem["way_out"]

    def test_what_a_step_asks_is_given_as_values_or_in_the_note(self, client: httpx.Client, district: Any) -> None:
        def move(**wish: Any) -> dict[str, Any]:
            version = client.get("/api/v1/tickets/1").json()["version"]
            sent = client.post("/api/v1/tickets/1/moves", json={"version": version, **wish}, headers=PROGRAM)
            return dict(sent.json())

        move(to="inspecting")
        found = move(to="diagnosed", values={"cause": "the plug", "branch": "own"})
        assert (found["state"], found["request"]) == ("diagnosed", "RP-2570-0001")
        assert move(to="repairing")["state"] == "repairing"
        assert move(to="verifying", note="a new plug")["state"] == "verifying"
        repair = client.get("/api/v1/requests/RP-2570-0001").json()
        assert (repair["values"]["done"], repair["values"]["cause"]) == ("a new plug", "the plug")

    def test_an_unknown_ticket_is_not_found(self, client: httpx.Client) -> None:
        wish = {"to": "closed", "version": 1}
        assert client.post("/api/v1/tickets/7/moves", json=wish, headers=PROGRAM).status_code == 404

    def test_a_body_that_is_no_json_is_blamed_as_a_whole(self, client: httpx.Client, district: Any) -> None:
        headers = {**PROGRAM, "Content-Type": "application/json"}
        problem = client.post("/api/v1/tickets/1/moves", content=b"{nonsense", headers=headers).json()
        assert (problem["status"], problem["field"]) == (422, "body")
