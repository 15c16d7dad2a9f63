"""Repairs on the pages and over the API: by urgency with the reasons, what the readings say, what the hub would choose."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from hub.core.assets import Asset, Deed
from hub.core.findings import RoomDay
from hub.core.people import Role
from hub.store.assets import AssetRows
from hub.store.tables import school

NOW = 1_795_157_100_000
OURS, PROGRAM = {"Sec-Fetch-Site": "same-origin"}, {"X-Requested-With": "a test"}
PHONED = {"school": "cpm3/30010012", "symptom": "ไม่มีเสียง", "channel": "phone", "reporter": "ครูมานี"}


@pytest.fixture
def number(client: httpx.Client, district: Any) -> str:
    """The repair of the open ticket."""
    return str(client.get("/api/v1/tickets/1").json()["request"])


def take(client: httpx.Client, number: str, transition: str, **values: Any) -> dict[str, Any]:
    version = client.get(f"/api/v1/requests/{number}").json()["version"]
    step = {"transition": transition, "version": version, "values": values}
    answer = client.post(f"/api/v1/requests/{number}/steps", json=step, headers=PROGRAM)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def own_asset(fleet: Any, **more: Any) -> int:
    given = {"school": "30010012", "kind": "tv", "device": "p1-tv", "number": "7440-001", "vendor": "ร้าน ก", **more}
    with fleet.store.begin() as work:
        return AssetRows(work.connection).add(Asset("cpm3", **given), Deed("added", "person:1", "A", NOW)).id


def test_the_most_urgent_stands_first_with_its_reasons(client: httpx.Client, fleet: Any, number: str) -> None:
    with fleet.store.begin() as work:
        work.connection.execute(update(school).values(pupils=80))
    fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", lost={"tv_failed": 150.0}, used=0))
    phoned = client.post("/api/v1/requests", json={"type": "repair", "values": PHONED}, headers=PROGRAM).json()
    told = client.get("/api/v1/repairs").json()["items"]
    assert [each["request"]["number"] for each in told] == [number, phoned["number"]]
    assert told[0]["urgency"] == "most_urgent"
    assert [each["code"] for each in told[0]["reasons"]] == [
        "priority.lost",
        "priority.pupils",
        "priority.small_school",
    ]
    page = client.get("/repairs?lang=en").text
    assert page.index("150 min of lessons were lost so far.") < page.index("ไม่มีเสียง")


def test_who_looks_further_sees_those_that_are_less_urgent(client: httpx.Client, number: str) -> None:
    assert f'id="r-{number}"' in client.get("/repairs").text
    assert f'id="r-{number}"' not in client.get("/repairs?skip=100").text
    assert client.get("/repairs?skip=-1").status_code == 404


def test_the_urgency_is_changed_with_a_reason(client: httpx.Client, number: str) -> None:
    take(client, number, "set_urgency", urgency="most_urgent", urgency_why="สอบปลายภาค")
    (told,) = [each for each in client.get("/api/v1/repairs").json()["items"] if each["request"]["number"] == number]
    assert (told["urgency"], told["own"]) == ("most_urgent", True)
    assert told["reasons"][0]["params"]["why"] == "สอบปลายภาค"
    assert "Set by hand: สอบปลายภาค" in client.get(f"/requests/{number}?lang=en").text


def test_what_is_taken_up_is_one_s_own(client: httpx.Client, hub: Any, number: str) -> None:
    person = hub.accounts.people.by_login(Role.GROUP_HEAD.value)
    counts = lambda: [len(client.get(f"/api/v1/repairs?whose={each}").json()["items"]) for each in ("mine", "nobodys")]  # noqa: E731
    assert counts() == [0, 1]
    take(client, number, "inspect", technician=person.principal.label)
    assert counts() == [1, 0]


def test_the_hub_suggests_who_goes_and_says_why(client: httpx.Client, hub: Any, number: str) -> None:
    technician = hub.accounts.people.by_login(Role.TECHNICIAN.value)
    other = client.post("/api/v1/requests", json={"type": "repair", "values": PHONED}, headers=PROGRAM).json()
    take(client, other["number"], "inspect", technician=technician.principal.label)
    page = client.get(f"/requests/{number}?lang=en").text
    assert "The hub would give it to Technician:" in page
    assert "has 1 at this school already" in page
    assert f'<option value="{technician.principal.label}" selected>' in page


def test_the_branch_is_suggested_by_the_register(client: httpx.Client, fleet: Any, number: str) -> None:
    own_asset(fleet, warranty_until=date(2027, 5, 1), device="p2-tv")
    sent = {"values": {**PHONED, "device": "cpm3/30010012/p1-receiver"}, "type": "repair"}
    assert "suggested" not in client.post("/api/v1/requests", json=sent, headers=PROGRAM).json()
    fleet.device(1, "p2-tv", "tv", {}, room="ป.2")
    sent = {"values": {**PHONED, "device": "cpm3/30010012/p2-tv"}, "type": "repair"}
    number = client.post("/api/v1/requests", json=sent, headers=PROGRAM).json()["number"]
    take(client, number, "inspect")
    page = client.get(f"/requests/{number}?lang=en").text
    assert "in warranty until 1 May 2027 · ร้าน ก · 7440-001" in page
    assert '<option value="in_warranty" selected>' in page
    take(client, number, "diagnose", cause="จอดับ", branch="in_warranty")
    assert 'value="ร้าน ก"' in client.get(f"/requests/{number}?lang=en").text
    claimed = take(client, number, "claim", branch="in_warranty", vendor="ร้าน ก", claim_reference="C-12")
    assert claimed["state"] == "vendor_claim"


def test_the_readings_say_whether_it_is_mended(client: httpx.Client, number: str) -> None:
    take(client, number, "mended_remotely", done="ถอดปลั๊กแล้วเสียบใหม่")
    page = client.get(f"/requests/{number}?lang=en").text
    assert "The signal is not back to its baseline yet." in page
    assert 'id="ticket" href="/tickets/1"' in page
    well = client.get("/api/v1/tickets/2").json()["request"]
    assert "The signal is back to its baseline since 20 Nov 2026 13:40." in client.get(f"/requests/{well}?lang=en").text


def test_what_no_agent_hears_is_looked_at_by_people(client: httpx.Client, district: Any) -> None:
    number = client.post("/api/v1/requests", json={"type": "repair", "values": PHONED}, headers=PROGRAM).json()[
        "number"
    ]
    assert "No readings tell of this equipment" in client.get(f"/requests/{number}?lang=en").text


def test_two_people_at_once_lose_nothing(client: httpx.Client, as_role: Any, number: str) -> None:
    other = as_role(Role.TECHNICIAN)
    take(other, number, "inspect")
    form = {"version": "1", "f.visit_on": "2026-11-25", "note": "I go there"}
    answer = client.post(f"/requests/{number}/steps/inspect?lang=en", data=form, headers=OURS)
    assert answer.status_code == 409
    assert "Somebody changed this request" in answer.text
    assert "I go there" in answer.text
    assert "2026-11-25" in answer.text


def test_merging_on_the_repair_merges_the_tickets(client: httpx.Client, number: str) -> None:
    other = client.get("/api/v1/tickets/2").json()["request"]
    take(client, other, "merge", same_as=number)
    assert client.get("/api/v1/tickets/2").json()["merged_into"] == 1
    stray = client.post("/api/v1/requests", json={"type": "repair", "values": PHONED}, headers=PROGRAM).json()
    step = {"transition": "merge", "version": 1, "values": {"same_as": other}}
    refused = client.post(f"/api/v1/requests/{stray['number']}/steps", json=step, headers=PROGRAM)
    assert (refused.status_code, refused.json()["errors"][0]["problem"]) == (422, "no_other_repair")


def test_a_ticket_goes_on_in_the_repair_that_it_is_merged_into(client: httpx.Client, number: str) -> None:
    phoned = client.post("/api/v1/requests", json={"type": "repair", "values": PHONED}, headers=PROGRAM).json()[
        "number"
    ]
    take(client, phoned, "inspect")
    take(client, number, "merge", same_as=phoned)
    told = client.get("/api/v1/tickets/1").json()
    assert (told["request"], told["state"]) == (phoned, "inspecting")
