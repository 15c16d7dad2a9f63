"""The chain from the dish to the screens, and the strips of lessons, on the pages of a school and of a room."""

import re
from typing import Any
from urllib.parse import quote

import httpx

from hub.core.findings import Incident, RoomDay

NOW, MINUTE, HOUR = 1_795_157_100_000, 60_000, 3_600_000
SCHOOL = "/schools/cpm3/30010012"
ROOM = f"{SCHOOL}/rooms/{quote('ป.1')}"
NINE = NOW - 285 * MINUTE


def text_of(client: httpx.Client, path: str, lang: str = "en") -> str:
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert answer.status_code == 200, path
    return answer.text


def test_the_chain_of_a_school_names_each_part_and_what_is_broken(client: httpx.Client, district: Any) -> None:
    page = text_of(client, SCHOOL)
    chain = page[page.index('<figure class="chain') : page.index("</figure>")]
    assert 'class="chain-part trouble"' in chain
    assert "TV or projector failed" in chain
    assert f'href="/tickets/{district.open_ticket}"' in chain
    assert "fault" in chain
    assert "fine" in chain


def test_the_chain_of_a_silent_school_is_not_known(client: httpx.Client, district: Any) -> None:
    page = text_of(client, "/schools/cpm3/30010027", "th")
    chain = page[page.index('<figure class="chain') : page.index("</figure>")]
    assert "ไม่ทราบ" in chain
    assert "ปกติ" not in chain
    assert 'class="chain-part trouble"' not in chain


def test_weather_stands_over_the_dish(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.incident(Incident("cpm3", "rain", "rain_fade", NOW - HOUR, None, {"30010012": (NOW - HOUR, None)}))
    assert 'class="chain-sky"' in text_of(client, SCHOOL)


def test_a_room_has_a_page_of_its_own(client: httpx.Client, district: Any) -> None:
    page = text_of(client, ROOM)
    assert "Room ป.1" in page
    assert f"{SCHOOL}/devices/p1-receiver" in page
    assert f'href="{ROOM}"' in text_of(client, SCHOOL)


def test_a_room_that_is_not_there_is_told(client: httpx.Client, district: Any) -> None:
    assert client.get(f"{SCHOOL}/rooms/nowhere").status_code == 404
    assert client.get("/schools/cpm3/nowhere/rooms/p1").status_code == 404


def hours(page: str) -> list[str]:
    strip = page[page.index('<svg class="strip') : page.index('<ul class="strip-key"')]
    return re.findall(r'class="hour (\w+)"', strip)


def test_hours_of_class_tell_what_was_shown_and_lost_and_to_what(
    client: httpx.Client, fleet: Any, district: Any
) -> None:
    told = [(NINE + n * 5 * MINUTE, {"signal/lock": True, "power/on": True}) for n in range(12)]
    fleet.reports(district.journal, district.receiver, told)
    fleet.reports(district.journal, district.tv, [(t, {"power/on": True}) for t, _ in told])
    rain = (NOW - 3 * HOUR, NOW - 2 * HOUR)
    fleet.incident(Incident("cpm3", "rain", "rain_fade", *rain, {"30010012": rain}))
    fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 60.0}, 60.0))
    page = text_of(client, ROOM)
    found = hours(page)
    assert {"shown", "lost", "unknown"} <= set(found)
    assert "Rain fade" in page
    assert "1 h" in page


def test_a_strip_names_its_days_and_the_hours_of_class(client: httpx.Client, district: Any) -> None:
    page = text_of(client, ROOM)
    assert re.findall(r'class="at"[^>]*>(\d+)<', page) == ["8", "9", "10", "11", "12", "13", "14", "15"]
    assert re.findall(r'class="on"[^>]*>([^<]+)<', page) == ["13", "16", "17", "18", "19", "20"]


def test_a_strip_reaches_back_as_long_as_is_asked(client: httpx.Client, district: Any) -> None:
    week = hours(text_of(client, ROOM))
    quarter = hours(text_of(client, f"{ROOM}?days=90"))
    assert len(quarter) > 3 * len(week)
    assert hours(text_of(client, f"{ROOM}?days=12")) == week


def test_the_pages_part_is_fetched_alone(client: httpx.Client, district: Any) -> None:
    part = client.get(ROOM, headers={"HX-Request": "true", "HX-Target": "room"}).text
    assert "<html" not in part
    assert 'class="chain' in part
