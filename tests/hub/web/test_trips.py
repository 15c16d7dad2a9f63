"""Trips: proposed from the open repairs, planned, put in order, driven; nothing typed lost, two people told of each other."""

import re
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from hub.core.people import Role
from hub.store.audit import Wanted, entries
from hub.store.tables import school

OURS = {"Sec-Fetch-Site": "same-origin"}
PROGRAM = {**OURS, "X-Requested-With": "test"}
By = Callable[[Role], httpx.Client]
PLACES = {"30010012": (15.90, 102.00), "30010027": (15.92, 102.01), "30010099": (17.50, 102.00)}


@pytest.fixture
def repairs(fleet: Any, client: httpx.Client) -> list[str]:
    """One at each of two schools near each other, one far away, and one whose place nobody knows."""
    for code, name in (("30010012", "บ้านทุ่งดอกจาน"), ("30010027", "บ้านหนองไผ่"), ("30010099", "บ้านไกล")):
        fleet.school("cpm3", code, name)
    fleet.school("cpm3", "30010055", "บ้านไม่รู้")
    with fleet.store.begin() as work:
        for code, (lat, lon) in PLACES.items():
            work.connection.execute(update(school).where(school.c.code == code).values(lat=lat, lon=lon))
    return [opened(client, code) for code in ("30010012", "30010027", "30010099", "30010055")]


def opened(client: httpx.Client, code: str, symptom: str = "ไม่มีภาพ") -> str:
    values = {"school": f"cpm3/{code}", "symptom": symptom, "phone": "044 000 000", "reporter": "ครูมานี"}
    answer = client.post("/api/v1/requests", json={"type": "repair", "values": values}, headers=PROGRAM)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def plan(client: httpx.Client, repairs: list[str], **more: str) -> httpx.Response:
    data = {"day": "2026-11-23", "driver": "person:2", "note": "", "repair": repairs, **more}
    return client.post("/trips/new", data=data, headers=OURS)


def planned(client: httpx.Client, repairs: list[str]) -> str:
    answer = plan(client, repairs)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def schools_of(page: str) -> list[str]:
    return re.findall(r"<h3>(?:<span[^>]*>\d+</span> )?(บ้าน\S+)</h3>", page)


def test_repairs_near_each_other_are_proposed_together(client: httpx.Client, repairs: list[str]) -> None:
    found = client.get("/api/v1/trips/proposals").json()["items"]
    assert [sorted(stop["name"] for stop in way["stops"]) for way in found] == [
        ["บ้านทุ่งดอกจาน", "บ้านหนองไผ่"],
        ["บ้านไม่รู้"],
        ["บ้านไกล"],
    ]
    page = client.get("/trips?lang=en").text
    assert f"repair={repairs[0]}" in page
    assert "2 schools" in page


def test_what_is_most_urgent_is_proposed_first(client: httpx.Client, repairs: list[str]) -> None:
    wish = {"transition": "set_urgency", "version": 1, "values": {"urgency": "most_urgent", "urgency_why": "สอบ"}}
    answer = client.post(f"/api/v1/requests/{repairs[2]}/steps", json=wish, headers=PROGRAM)
    assert answer.status_code == 200, answer.text
    first = client.get("/api/v1/trips/proposals").json()["items"][0]
    assert [stop["name"] for stop in first["stops"]] == ["บ้านไกล"]
    assert "most urgent" in client.get("/trips?lang=en").text


def test_a_trip_is_planned_and_its_repairs_say_who_comes_and_when(client: httpx.Client, repairs: list[str]) -> None:
    where = planned(client, repairs[:2])
    page = client.get(f"{where}?lang=en").text
    assert "Technician" in page
    assert "23 Nov 2026" in page
    assert "tel:044000000" in page
    assert "geo:15.9,102.0" in page
    told = client.get(f"/api/v1/requests/{repairs[0]}").json()
    assert (told["values"]["technician"], told["values"]["visit_on"]) == ("person:2", "2026-11-23")
    assert [way["stops"][0]["name"] for way in client.get("/api/v1/trips/proposals").json()["items"]] == [
        "บ้านไม่รู้",
        "บ้านไกล",
    ]


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"driver": ""}, 422, "choose somebody from the list"),
        ({"driver": "person:99"}, 422, "choose somebody from the list"),
        ({"day": "soon"}, 422, "choose a day"),
        ({"day": "2026-11-19"}, 422, "from today on"),
        ({"repair": []}, 422, "at least one repair"),
        ({"repair": ["RP-2570-0099"]}, 409, "RP-2570-0099"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: httpx.Client, repairs: list[str], more: Any, status: int, said: str
) -> None:
    client.get("/trips?lang=en")
    answer = plan(client, repairs[:1], **{"note": "พาบันได <ไป>", **more})
    assert answer.status_code == status
    assert said in answer.text
    assert "พาบันได &lt;ไป&gt;</textarea>" in answer.text


def test_a_repair_is_part_of_one_trip_at_a_time(client: httpx.Client, repairs: list[str]) -> None:
    where = planned(client, repairs[:1])
    again = plan(client, repairs[:2], note="ของฉัน")
    assert again.status_code == 409
    assert repairs[0] in again.text
    assert "ของฉัน</textarea>" in again.text
    assert client.post(f"{where}/end", data={"version": "1"}, headers=OURS).status_code == 303
    assert plan(client, repairs[:2]).status_code == 303


def test_the_order_is_changed_by_hand_and_back_by_the_hub(client: httpx.Client, repairs: list[str]) -> None:
    where = planned(client, [repairs[3], *repairs[:2]])
    before = schools_of(client.get(where).text)
    assert before[-1] == "บ้านไม่รู้"
    moved = client.post(f"{where}/order", data={"version": "1", "up": "cpm3/30010055"}, headers=OURS)
    assert moved.status_code == 303
    assert schools_of(client.get(where).text)[1] == "บ้านไม่รู้"
    assert client.post(f"{where}/order", data={"version": "2"}, headers=OURS).status_code == 303
    assert schools_of(client.get(where).text) == before


def test_two_people_at_once_are_told_of_each_other(client: httpx.Client, as_role: By, repairs: list[str]) -> None:
    where, other = planned(client, repairs[:2]), as_role(Role.TECHNICIAN)
    change = {"version": "1", "day": "2026-11-24", "driver": "person:3", "note": "ก่อน", "repair": repairs[:2]}
    assert client.post(where, data=change, headers=OURS).status_code == 303
    late = other.post(f"{where}?lang=en", data={**change, "note": "ทีหลัง", "day": "2026-11-25"}, headers=OURS)
    assert late.status_code == 409
    assert "Somebody changed this trip while you had it open" in late.text
    assert "ทีหลัง</textarea>" in late.text
    assert 'value="2026-11-25"' in late.text
    assert 'name="version" value="2"' in late.text


def test_whoever_drives_sees_their_day(client: httpx.Client, as_role: By, repairs: list[str]) -> None:
    technician = as_role(Role.TECHNICIAN)
    assert "No trip for you" in technician.get("/trips/mine?lang=en").text
    planned(client, repairs[:2])
    page = technician.get("/trips/mine?lang=en").text
    assert sorted(schools_of(page)) == ["บ้านทุ่งดอกจาน", "บ้านหนองไผ่"]
    assert "No trip for you" in client.get("/trips/mine?lang=en").text


def test_the_sheet_is_printed(client: httpx.Client, repairs: list[str]) -> None:
    sheet = client.get(f"{planned(client, repairs[:2])}/sheet.pdf")
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "application/pdf")
    assert sheet.content.startswith(b"%PDF")


def test_a_fault_that_a_sticker_told_is_said_in_words(client: httpx.Client, as_role: By, repairs: list[str]) -> None:
    where = planned(client, [opened(client, "30010012", "symptom.no_sound")])
    opened(client, "30010027", "symptom.bad_picture")
    technician = as_role(Role.TECHNICIAN)
    shown = [technician.get(f"{path}?lang=th").text for path in (where, "/trips", "/trips/mine", "/trips/new")]
    assert [page.count("symptom.") for page in shown] == [0, 0, 0, 0]
    assert ["ไม่มีเสียง" in page for page in shown] == [True, False, True, True]
    assert ["ภาพกระตุก" in page for page in shown] == [True, True, False, True]
    pdf = technician.get(f"{where}/sheet.pdf").content
    paper = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    assert "ไม่มีเสียง" in paper
    assert "symptom" not in paper


def test_a_trip_that_was_driven_cannot_be_changed(client: httpx.Client, repairs: list[str]) -> None:
    where = planned(client, repairs[:1])
    assert client.post(f"{where}/end", data={"version": "1", "driven": "1"}, headers=OURS).status_code == 303
    again = client.post(f"{where}/end?lang=en", data={"version": "2"}, headers=OURS)
    assert again.status_code == 409
    assert "This trip is over" in again.text
    assert client.get("/trips/77").status_code == 404
    assert client.get("/trips/77/sheet.pdf").status_code == 404


def test_a_trip_that_is_dropped_leaves_no_visit_on_its_repairs(client: httpx.Client, repairs: list[str]) -> None:
    step = {"transition": "inspect", "version": 1, "values": {"technician": "person:1"}}
    assert client.post(f"/api/v1/requests/{repairs[0]}/steps", json=step, headers=PROGRAM).status_code == 200
    where = planned(client, repairs[:3])
    data = {"day": "2026-11-23", "driver": "person:2", "note": "", "version": "1", "repair": repairs[:2]}
    assert client.post(where, data=data, headers=OURS).status_code == 303
    third = client.get(f"/api/v1/requests/{repairs[2]}").json()
    assert (third["history"][-1]["transition"], third["values"].get("visit_on")) == ("cancel_visit", None)
    assert client.post(f"{where}/end", data={"version": "2"}, headers=OURS).status_code == 303
    first, second = (client.get(f"/api/v1/requests/{each}").json() for each in repairs[:2])
    assert (first["values"]["technician"], first["values"].get("visit_on")) == ("person:1", None)
    assert (second["values"].get("technician"), second["values"].get("visit_on")) == (None, None)


def test_what_somebody_planned_anew_is_not_called_off_with_the_trip(client: httpx.Client, repairs: list[str]) -> None:
    where = planned(client, repairs[:1])
    other = {"transition": "plan_visit", "version": 2, "values": {"visit_on": "2026-11-25"}}
    assert client.post(f"/api/v1/requests/{repairs[0]}/steps", json=other, headers=PROGRAM).status_code == 200
    assert client.post(f"{where}/end", data={"version": "1"}, headers=OURS).status_code == 303
    assert client.get(f"/api/v1/requests/{repairs[0]}").json()["values"]["visit_on"] == "2026-11-25"


def test_every_change_stands_in_the_record(client: httpx.Client, fleet: Any, repairs: list[str]) -> None:
    where = planned(client, repairs[:2])
    client.post(f"{where}/order", data={"version": "1"}, headers=OURS)
    client.post(f"{where}/end", data={"version": "2", "driven": "1"}, headers=OURS)
    found = entries(fleet.store, Wanted(subject="trip:1"), 10)
    assert [each.what for each in found] == ["trip.done", "trip.ordered", "trip.planned"]


def test_what_a_cause_needs_is_loaded_once_for_all_schools(client: httpx.Client, hub: Any, fleet: Any) -> None:
    for code in ("30010012", "30010027"):
        fleet.school("cpm3", code, f"บ้าน {code}")
        node = fleet.node("cpm3", code)
        fleet.device(node, "p1-receiver", "receiver", {"signal/lock": False}, profile="enigma2/openwebif")
        fleet.ticket(node, "p1-receiver", "lnb_failed", ["drift"], [])
    hub.office.repairs.tick()
    ways = client.get("/api/v1/trips/proposals").json()["items"]
    repairs = [number for way in ways for stop in way["stops"] for number in stop["repairs"]]
    assert len(repairs) == 2
    wish = {"day": "2026-11-23", "driver": "person:2", "repairs": repairs}
    trip = client.post("/api/v1/trips", json=wish, headers=PROGRAM).json()
    assert trip["load"]
    assert all(sorted(each["repairs"]) == sorted(repairs) for each in trip["load"])
    page = client.get(f"/trips/{trip['id']}?lang=th").text
    assert trip["load"][0]["th"] in page
    assert "cause." not in page


class TestApi:
    """The same over JSON."""

    def test_a_trip_is_planned_and_ended(self, client: httpx.Client, repairs: list[str]) -> None:
        wish = {"day": "2026-11-23", "driver": "person:2", "repairs": repairs[:2]}
        made = client.post("/api/v1/trips", json=wish, headers=PROGRAM)
        assert made.status_code == 201, made.text
        trip = made.json()
        assert (trip["state"], trip["driver_name"], len(trip["stops"])) == ("planned", "Technician", 2)
        assert trip["minutes"] > 90
        assert [each["id"] for each in client.get("/api/v1/trips").json()["items"]] == [trip["id"]]
        path = f"/api/v1/trips/{trip['id']}/end"
        ended = client.post(path, json={"version": 1, "driven": True}, headers=PROGRAM).json()
        assert (ended["state"], ended["version"]) == ("done", 2)

    @pytest.mark.parametrize(
        ("wish", "status", "field"),
        [
            ({"driver": "person:99"}, 422, "driver"),
            ({"day": "1"}, 422, "day"),
            ({"repairs": []}, 422, "repairs"),
            ({"repairs": ["RP-1"]}, 409, "repairs"),
        ],
    )
    def test_a_refusal_names_what_is_wrong(
        self, client: httpx.Client, repairs: list[str], wish: dict[str, Any], status: int, field: str
    ) -> None:
        given = {"day": "2026-11-23", "driver": "person:2", "repairs": repairs[:1], **wish}
        problem = client.post("/api/v1/trips", json=given, headers=PROGRAM).json()
        assert (problem["status"], problem["field"]) == (status, field)
        assert problem["way_out"]
