"""Incidents, lesson time and use: pages and JSON."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from hub.core.findings import Incident, RoomDay
from hub.core.texts import Text

NOW, MINUTE, HOUR, DAY = 1_795_157_100_000, 60_000, 3_600_000, 86_400_000
SCHOOL = "30010012"


@pytest.fixture
def rain(fleet: Any, district: Any) -> None:
    schools: dict[str, tuple[int, int | None]] = {SCHOOL: (NOW - HOUR, None), "30010027": (NOW - HOUR, NOW - MINUTE)}
    evidence = (Text("evidence.past_limit", {"metric": "signal/cnr_db", "value": 5.0}),)
    fleet.incident(Incident("cpm3", "rain_fade:7", "rain_fade", NOW - HOUR, None, schools, evidence))
    fleet.incident(
        Incident("cpm3", "sat", "satellite_outage", NOW - DAY, NOW - DAY + HOUR, {SCHOOL: (NOW - DAY, None)})
    )
    fleet.room_days(RoomDay("cpm3", SCHOOL, "ป.1", "2026-11-20", {"rain_fade": 95.0}, 120.0))


def test_the_overview_shows_what_is_running(client: httpx.Client, rain: None) -> None:
    page = client.get("/?lang=en").text
    assert "Running incidents" in page
    assert "/incidents/cpm3/rain_fade%3A7" in page
    assert "Satellite outage" not in page


def test_incidents_are_listed_with_their_extent(client: httpx.Client, rain: None) -> None:
    page = client.get("/incidents?lang=en").text
    assert page.index("Rain fade") < page.index("Satellite outage")
    assert "2 schools" in page
    assert "Satellite outage" not in client.get("/incidents?lang=en&show=running").text


@pytest.mark.parametrize(("language", "words"), [("en", "No ticket: heavy rain"), ("th", "ฝนหนักทำให้สัญญาณจาง")])
def test_an_incident_names_members_loss_and_why_no_ticket_opens(
    client: httpx.Client, rain: None, language: str, words: str
) -> None:
    page = client.get(f"/incidents/cpm3/rain_fade%3A7?lang={language}").text
    assert words in page
    assert "โรงเรียนบ้านทุ่งดอกจาน" in page
    assert ("1\u00a0h 35\u00a0min" in page) == (language == "en")


def test_an_incident_that_is_none_is_not_found(client: httpx.Client, district: Any) -> None:
    assert client.get("/incidents/cpm3/nothing").status_code == 404
    assert client.get("/api/v1/incidents/cpm3/nothing").json()["field"] == "key"


def test_lesson_time_is_told_by_cause_and_school(client: httpx.Client, rain: None) -> None:
    page = client.get("/lessons?lang=en").text
    assert "Rain fade" in page
    assert "1\u00a0h 35\u00a0min" in page
    assert "No lesson time lost" in client.get("/lessons?lang=en&from=2026-01-01&to=2026-01-31").text


def test_of_many_schools_that_lost_lessons_the_first_are_shown_and_the_others_one_click_away(
    client: httpx.Client, fleet: Any, district: Any
) -> None:
    for number in range(101):
        fleet.room_days(RoomDay("cpm3", f"4003{number:04}", "p1", "2026-11-20", {"tv_failed": 500.0 - number}, 0.0))
    page = client.get("/lessons?lang=en").text
    assert "40030099" in page
    assert "40030100" not in page
    assert "See all 101 schools" in page
    assert "40030100" in client.get("/lessons?lang=en&every=true").text


@pytest.mark.parametrize("query", ["from=2026-12-01&to=2026-11-01", "from=2020-01-01&to=2026-01-01", "from=nonsense"])
def test_a_span_that_is_none_is_refused(client: httpx.Client, district: Any, query: str) -> None:
    assert client.get(f"/api/v1/lessons?{query}").status_code == 422
    assert client.get(f"/lessons?{query}").status_code == 404


def test_the_earliest_day_of_all_fails_nothing(client: httpx.Client, district: Any) -> None:
    assert client.get("/api/v1/lessons?to=0001-01-01").status_code == 200


def test_a_school_shows_lessons_by_room(client: httpx.Client, rain: None) -> None:
    page = client.get(f"/schools/cpm3/{SCHOOL}?lang=en").text
    assert "Lessons of the last 30 days, by room" in page
    assert "1 of 22 class days" in page


def test_a_set_that_is_idle_for_long_is_a_candidate_for_moving(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.room_days(RoomDay("cpm3", SCHOOL, "ป.1", "2026-10-29", {}, 60.0))
    page = client.get("/usage?lang=en").text
    assert "idle for 15 class days" in page
    (room,) = client.get("/api/v1/rooms?idle=true").json()["items"]
    assert (room["school"], room["room"], room["idle"], room["has_picture"]) == (SCHOOL, "ป.1", True, True)


def test_a_set_that_was_used_lately_is_none(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.room_days(RoomDay("cpm3", SCHOOL, "ป.1", "2026-10-30", {}, 60.0))
    assert "No idle set" in client.get("/usage?lang=en").text
    assert client.get("/api/v1/rooms?idle=true").json()["items"] == []
    assert len(client.get("/api/v1/rooms").json()["items"]) == 1


def test_the_use_of_many_rooms_is_turned_page_by_page(client: httpx.Client, fleet: Any, district: Any) -> None:
    there = {f"ม.{n:02}" for n in range(35)}
    for room in there:
        fleet.device(district.node, f"{room}-receiver", "receiver", {"device/reachable": True}, room=room)
    fleet.room_days(*(RoomDay("cpm3", SCHOOL, room, "2026-11-20", {}, 1.0) for room in there))

    def rooms(page: str) -> set[str]:
        return {room for room in there if room in page}

    first = client.get("/usage?show=all&lang=en").text
    assert (len(rooms(first)), "page 1 of 2" in first) == (30, True)
    (further,) = [href for href in re.findall(r'href="([^"]+)"', first) if "page=2" in href]
    second = client.get(unescape(further)).text
    assert rooms(first) | rooms(second) == there
    assert rooms(client.get("/usage?show=all&page=99").text) == rooms(second)


def test_rooms_are_listed_part_by_part(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.room_days(*(RoomDay("cpm3", SCHOOL, f"ป.{n}", "2026-11-20", {}, 1.0) for n in range(5)))
    first = client.get("/api/v1/rooms?limit=3").json()
    rest = client.get(first["next"]).json()
    assert [room["room"] for room in (*first["items"], *rest["items"])] == [f"ป.{n}" for n in range(5)]
    assert rest["next"] is None


def test_the_api_tells_incidents_part_by_part(client: httpx.Client, rain: None) -> None:
    first = client.get("/api/v1/incidents?limit=1").json()
    assert [each["cause"] for each in first["items"]] == ["rain_fade"]
    assert [each["cause"] for each in client.get(first["next"]).json()["items"]] == ["satellite_outage"]
    incident = client.get("/api/v1/incidents/cpm3/rain_fade%3A7").json()
    assert (incident["end"], incident["lost_min"], len(incident["schools"])) == (None, 95.0, 2)
    assert incident["evidence"][0]["code"] == "evidence.past_limit"


def test_the_api_tells_lesson_time(client: httpx.Client, rain: None) -> None:
    told = client.get("/api/v1/lessons?group=cpm3&from=2026-11-20&to=2026-11-20").json()
    assert (told["lost_min"], told["used_min"]) == (95.0, 120.0)
    assert told["by_cause"] == [{"cause": "rain_fade", "minutes": 95.0}]
    assert told["schools"][0]["lost"] == {"rain_fade": 95.0}
    assert told["days"] == [{"date": "2026-11-20", "minutes": 95.0}]
