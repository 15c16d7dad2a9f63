"""A ticket with all that belongs to it: alternatives, the dish, corrections, snoozing, merging, what was before."""

from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from hub.core.texts import Text
from hub.store.tables import registered

NOW, HOUR, DAY = 1_795_157_100_000, 3_600_000, 86_400_000
OURS, PROGRAM = {"Sec-Fetch-Site": "same-origin"}, {"X-Requested-With": "a test"}
EVIDENCE = Text("evidence.past_limit", {"metric": "signal/cnr_db", "value": 5.0})


@pytest.fixture
def dish(fleet: Any, district: Any) -> int:
    """A ticket of the dish d1, which the receiver of the school hangs on."""
    with fleet.store.begin() as work:
        row = {"group": "cpm3", "node": "30010012", "device": "p1-receiver", "room": "ป.1", "dish": "d1"}
        work.connection.execute(insert(registered).values(**row))
    corrected = Text("ticket.corrected", {"was": "lnb_failed", "cause": "dish_misaligned"})
    history = [(NOW - 2 * HOUR, "opened", EVIDENCE), (NOW - HOUR, "corrected", corrected)]
    belief = [["dish_misaligned", 0.81], ["lnb_failed", 0.19]]
    more = {"dish": "d1", "alternatives": belief}
    return int(fleet.ticket(district.node, "", "dish_misaligned", ["reception"], history, **more))


def test_a_ticket_of_a_dish_names_it_and_the_receivers_on_it(client: httpx.Client, dish: int) -> None:
    page = client.get(f"/tickets/{dish}?lang=en").text
    assert "dish d1" in page
    assert "Receivers on this dish:" in page
    assert '/schools/cpm3/30010012/devices/p1-receiver">Room ป.1</a>' in page
    told = client.get(f"/api/v1/tickets/{dish}").json()
    assert (told["dish"], told["concerned"]) == ("d1", ["p1-receiver"])


def test_a_ticket_of_a_dish_stands_with_its_receivers_and_not_with_the_computer(
    client: httpx.Client, dish: int
) -> None:
    assert f"/tickets/{dish}" in client.get("/schools/cpm3/30010012/devices/p1-receiver").text
    assert f"/tickets/{dish}" not in client.get("/schools/cpm3/30010012/computer").text
    values = client.get("/api/v1/nodes/cpm3/30010012/devices/p1-receiver").json()
    assert (values["dish"], values["tickets"]) == ("d1", [dish])


def test_what_else_it_could_be_is_ranked_with_shares(client: httpx.Client, dish: int) -> None:
    page = client.get(f"/tickets/{dish}?lang=en").text
    assert page.index("What it could be") < page.index("81%") < page.index("LNB failed</span>") < page.index("19%")
    told = client.get(f"/api/v1/tickets/{dish}").json()
    assert told["alternatives"][1] == {"cause": "lnb_failed", "share": 0.19}


def test_what_to_bring_is_listed_with_the_tools(client: httpx.Client, dish: int) -> None:
    page = client.get(f"/tickets/{dish}?lang=en").text
    assert "<li>Inclinometer and compass</li>" in page
    assert "<li>Spanner 13</li>" in page
    assert "<li>ประแจเบอร์ 13</li>" in client.get(f"/tickets/{dish}?lang=th").text


def test_a_correction_stands_in_the_history(client: httpx.Client, dish: int) -> None:
    page = client.get(f"/tickets/{dish}?lang=en").text
    assert "Cause corrected" in page
    assert "It was taken for “LNB failed”; it is “Dish out of alignment”." in page


def test_what_turned_out_to_be_weather_asks_nobody_to_go(client: httpx.Client, fleet: Any, district: Any) -> None:
    number = fleet.ticket(district.node, "", "rain_fade", ["reception"], [], dish="d1")
    assert "Nobody has to go" in client.get(f"/tickets/{number}?lang=en").text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("reported", "Recovered by itself at"),
        ("repairing", "If the repair is done"),
        ("verifying", "The readings confirm the repair"),
    ],
)
def test_a_recovery_is_told_by_where_the_work_stands(
    client: httpx.Client, fleet: Any, district: Any, state: str, words: str
) -> None:
    number = fleet.ticket(district.node, "p9-tv", "tv_failed", [], [], state=state, recovered_at=NOW - HOUR)
    assert words in client.get(f"/tickets/{number}?lang=en").text


def test_a_repair_that_does_not_show_is_told(client: httpx.Client, fleet: Any, district: Any) -> None:
    number = fleet.ticket(district.node, "p9-tv", "tv_failed", ["silent"], [], state="verifying")
    assert "do not show the repair yet" in client.get(f"/tickets/{number}?lang=en").text


def test_a_ticket_that_is_put_off_leaves_the_daily_list_and_stays_open(client: httpx.Client, district: Any) -> None:
    form = {"until": "2026-11-27", "version": 1, "note": "part is ordered"}
    assert client.post("/tickets/1/snooze", data=form, headers=OURS).status_code == 303
    overview = client.get("/?lang=en").text
    assert 'id="t1"' not in overview
    assert "<strong>1</strong><span>open ticket</span>" in overview
    assert 'id="t1"' not in client.get("/tickets").text
    assert "put off until 27 Nov 2026" in client.get("/tickets?show=snoozed&lang=en").text
    page = client.get("/tickets/1?lang=en").text
    assert "It comes back by itself then" in page
    assert "<blockquote>part is ordered</blockquote>" in page


def test_a_ticket_that_is_put_off_can_be_taken_up_again(client: httpx.Client, district: Any) -> None:
    client.post("/tickets/1/snooze", data={"until": "2026-11-27", "version": 1}, headers=OURS)
    assert "Take it up again now" in client.get("/tickets/1?lang=en").text
    assert client.post("/tickets/1/snooze", data={"version": 2}, headers=OURS).status_code == 303
    assert 'id="t1"' in client.get("/tickets").text


def test_nothing_is_put_off_into_the_past(client: httpx.Client, district: Any) -> None:
    form = {"until": "2026-11-19", "version": 1, "note": "typed"}
    answer = client.post("/tickets/1/snooze", data=form, headers=OURS)
    assert answer.status_code == 409
    assert "typed" in answer.text


def test_two_tickets_of_a_school_are_merged(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/2?lang=en").text
    assert '<option value="1">' in page
    assert client.post("/tickets/2/merge", data={"into": 1, "version": 2}, headers=OURS).status_code == 303
    assert "goes on for both" in client.get("/tickets/2?lang=en").text
    page = client.get("/tickets/1?lang=en").text
    assert "Took over ticket 2 (Satellite receiver failed)." in page
    assert 'href="/tickets/2"' in page


def test_a_ticket_names_earlier_ones_of_its_equipment(client: httpx.Client, fleet: Any, district: Any) -> None:
    number = fleet.ticket(district.silent, "p1-tv", "tv_failed", ["silent"], [], earlier=district.closed_ticket)
    page = client.get(f"/tickets/{number}?lang=en").text
    assert "Earlier tickets of this equipment" in page
    assert f"The same fault was in Ticket {district.closed_ticket}." in page
    told = client.get(f"/api/v1/tickets/{number}").json()
    assert (told["earlier"], told["before"]) == (district.closed_ticket, [district.closed_ticket])


def test_programs_put_off_and_merge_as_well(client: httpx.Client, district: Any) -> None:
    body = {"until": NOW + DAY, "version": 1}
    assert client.post("/api/v1/tickets/1/snooze", json=body, headers=PROGRAM).json()["snoozed_until"] == NOW + DAY
    merged = client.post("/api/v1/tickets/2/merge", json={"into": 1, "version": 2}, headers=PROGRAM).json()
    assert (merged["state"], merged["merged_into"]) == ("duplicate_of", 1)
    assert client.get(f"/api/v1/requests/{merged['request']}").json()["state"] == "duplicate_of"
    assert client.post("/api/v1/tickets/1/merge", json={"into": 1, "version": 3}, headers=PROGRAM).status_code == 409
    assert client.post("/api/v1/tickets/1/merge", json={"into": 3, "version": 3}, headers=PROGRAM).status_code == 409


def test_the_api_lists_what_is_put_off(client: httpx.Client, district: Any) -> None:
    client.post("/api/v1/tickets/1/snooze", json={"until": NOW + DAY, "version": 1}, headers=PROGRAM)
    listed = {
        state: [each["id"] for each in client.get(f"/api/v1/tickets?state={state}").json()["items"]]
        for state in ("open", "snoozed", "all")
    }
    assert listed == {"open": [2], "snoozed": [1], "all": [3, 2, 1]}
