"""Moving a ticket on, by page and by API."""

from typing import Any

import httpx
import pytest

OURS = {"Sec-Fetch-Site": "same-origin"}
PROGRAM = {"X-Requested-With": "a test"}


def move(client: httpx.Client, to: str, version: int, note: str = "") -> httpx.Response:
    return client.post("/tickets/1/moves", data={"to": to, "version": version, "note": note}, headers=OURS)


def test_a_step_is_one_button_and_leads_back_to_the_ticket(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/1?lang=en").text
    assert page.count('name="to"') == 3
    answer = move(client, "inspecting", 1, "called the school")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets/1#main")
    page = client.get("/tickets/1").text
    assert "From “Reported” to “Inspecting”." in page
    assert "<blockquote>called the school</blockquote>" in page


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1?lang=en")
    move(client, "inspecting", 1)
    answer = move(client, "cancelled", 1, "typed <here>")
    assert answer.status_code == 409
    assert "nothing was done yet" in answer.text
    assert "typed &lt;here&gt;</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert 'value="repairing"' in answer.text
    assert 'href="/tickets/1?lang=th"' in answer.text


def test_a_step_that_is_not_allowed_is_refused_and_keeps_what_was_typed(client: httpx.Client, district: Any) -> None:
    client.get("/tickets/1?lang=en")
    answer = move(client, "verifying", 1, "typed")
    assert answer.status_code == 409
    assert "This step is not possible" in answer.text
    assert "typed</textarea>" in answer.text


def test_a_ticket_that_does_not_exist_cannot_be_moved(client: httpx.Client) -> None:
    assert move(client, "closed", 1).status_code == 404


def test_a_closed_ticket_offers_no_step(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/3?lang=en").text
    assert "This ticket is done" in page
    assert 'name="to"' not in page


@pytest.mark.parametrize(
    "form", [{}, {"to": "closed"}, {"to": "closed", "version": "x"}, {"to": "x" * 99, "version": "1"}]
)
def test_a_broken_form_is_refused(client: httpx.Client, district: Any, form: dict[str, str]) -> None:
    assert client.post("/tickets/1/moves", data=form, headers=OURS).status_code == 404


class TestApi:
    """The same over JSON."""

    def test_a_move_answers_with_the_ticket_as_it_is_then(self, client: httpx.Client, district: Any) -> None:
        wish = {"to": "inspecting", "version": 1, "note": "by phone"}
        answer = client.post("/api/v1/tickets/1/moves", json=wish, headers=PROGRAM)
        assert answer.status_code == 200
        ticket = answer.json()
        assert (ticket["state"], ticket["version"]) == ("inspecting", 2)
        assert ticket["allowed_moves"][0] == "repairing"
        assert ticket["entries"][-1]["params"] == {"from": "reported", "to": "inspecting", "note": "by phone"}

    @pytest.mark.parametrize(
        ("wish", "status", "title", "field"),
        [
            ({"to": "inspecting", "version": 9}, 409, "stale", "version"),
            ({"to": "verifying", "version": 1}, 409, "not allowed", "to"),
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

    def test_an_unknown_ticket_is_not_found(self, client: httpx.Client) -> None:
        wish = {"to": "closed", "version": 1}
        assert client.post("/api/v1/tickets/7/moves", json=wish, headers=PROGRAM).status_code == 404

    def test_a_body_that_is_no_json_is_blamed_as_a_whole(self, client: httpx.Client, district: Any) -> None:
        headers = {**PROGRAM, "Content-Type": "application/json"}
        problem = client.post("/api/v1/tickets/1/moves", content=b"{nonsense", headers=headers).json()
        assert (problem["status"], problem["field"]) == (422, "body")
