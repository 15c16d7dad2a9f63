"""What lets a phone work without signal, as the hub sees it: a form that comes twice, photos, and who may have them."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from hub.core.people import Role
from hub.store.phone_tables import request_photo, submission
from hub.store.workflow_tables import request, request_entry
from tests.hub.core.test_pictures import SECRET, exif, jpeg, segment
from tests.hub.web.test_request_pages import CALL
from tests.hub.web.test_stickers import sticker  # noqa: F401  a fixture

OURS = {"Sec-Fetch-Site": "same-origin"}
OUTBOX = {**OURS, "X-Outbox": "1"}
KEY, OTHER = "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10", "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a11"
PHOTO = jpeg(segment(0xE1, exif(6)))
SMALL = jpeg()
Files = list[tuple[str, tuple[str, bytes, str]]]


def count(fleet: Any, table: Any) -> int:
    with fleet.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def photos(*data: bytes) -> Files:
    return [(name, ("a.jpg", each, "image/jpeg")) for each in data for name in ("photo", "photo.small")]


@pytest.fixture
def repair(client: httpx.Client, district: Any) -> str:
    """The page of a ticket, whose repair is there once somebody has looked."""
    client.get("/tickets/1").raise_for_status()
    return "/tickets/1"


def step(client: httpx.Client, page: str, key: str, files: Files | None = None, **more: str) -> httpx.Response:
    form = {"version": "1", "f.visit_on": "2026-11-24", "once": key, **more}
    return client.post(f"{page}/steps/inspect", data=form, files=files, headers=OURS)


def test_a_step_that_comes_twice_is_taken_once(client: httpx.Client, repair: str, fleet: Any) -> None:
    files = photos(PHOTO)
    first = step(client, repair, KEY, files)
    before = [count(fleet, table) for table in (request_entry, request_photo, submission)]
    second = step(client, repair, KEY, files)
    assert [each.status_code for each in (first, second)] == [303, 303]
    assert first.headers["location"] == second.headers["location"]
    assert [count(fleet, table) for table in (request_entry, request_photo, submission)] == before
    assert before[1:] == [1, 1]


def test_without_a_key_or_with_another_it_is_another_step(client: httpx.Client, repair: str) -> None:
    assert step(client, repair, KEY).status_code == 303
    assert step(client, repair, "").status_code == 409
    assert step(client, repair, OTHER).status_code == 409


def test_a_refused_form_may_come_again_under_its_key(client: httpx.Client, repair: str) -> None:
    assert step(client, repair, KEY, version="7").status_code == 409
    assert step(client, repair, KEY).status_code == 303


def test_a_request_that_is_opened_twice_is_one(client: httpx.Client, fleet: Any) -> None:
    form = {f"f.{name}": value for name, value in CALL.items()} | {"once": KEY}
    answers = [client.post("/requests/new/phone_consult", data=form, headers=OURS) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303], answers[0].text
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert count(fleet, request) == 1


def test_a_teachers_report_that_comes_twice_counts_once_also_for_the_limits(
    anybody: httpx.Client,
    sticker: Callable[..., str],  # noqa: F811
    fleet: Any,
) -> None:
    path, form = sticker(), {"trouble": "no_picture", "once": KEY}
    picture = {"picture": ("tv.jpg", PHOTO, "image/jpeg")}
    answers = [anybody.post(path, data=form, files=picture, headers=OURS) for _ in range(9)]
    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["location"] for each in answers}) == 1
    assert (count(fleet, request), count(fleet, submission)) == (1, 1)


def test_photos_tell_nothing_but_themselves_and_are_for_those_who_see_the_repair(
    client: httpx.Client, repair: str, anybody: httpx.Client, as_role: Callable[[Role], httpx.Client], fleet: Any
) -> None:
    assert step(client, repair, KEY, photos(PHOTO, PHOTO)).status_code == 303
    page = client.get(repair).text
    assert page.count("/small") - page.count("</small") == 2
    large, small = client.get("/photos/1"), client.get("/photos/1/small")
    assert (large.headers["content-type"], large.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert SECRET not in large.content
    assert small.content.startswith(b"\xff\xd8")
    assert anybody.get("/photos/1").status_code == 303
    assert as_role(Role.SCHOOL).get("/photos/1").status_code in (200, 404)
    assert client.get("/photos/77").status_code == 404


def test_what_is_no_picture_is_refused_and_nothing_is_done(client: httpx.Client, repair: str, fleet: Any) -> None:
    answer = step(client, repair, KEY, [("photo", ("a.jpg", b"MZ no picture", "image/jpeg"))])
    assert answer.status_code == 415
    assert count(fleet, submission) == 0


def test_a_script_is_told_where_a_form_leads(client: httpx.Client, repair: str) -> None:
    form = {"version": "1", "f.visit_on": "2026-11-24", "once": KEY}
    answer = client.post(f"{repair}/steps/inspect", data=form, headers=OUTBOX)
    assert (answer.status_code, answer.headers["X-Leads-To"]) == (200, "/tickets/1#main")
    assert "location" not in answer.headers


def test_a_script_is_told_that_the_session_has_ended(anybody: httpx.Client, repair: str) -> None:
    assert anybody.post(f"{repair}/steps/inspect", data={}, headers=OUTBOX).status_code == 401


def test_a_page_says_for_whom_it_was_made(client: httpx.Client, anybody: httpx.Client) -> None:
    assert client.get("/outbox").headers["X-Person"].startswith("person:")
    assert anybody.get("/outbox").headers["X-Person"] == ""
    assert client.get("/outbox/me").json()["csrf"] == client.headers["X-CSRF-Token"]
    assert anybody.get("/outbox/me").json() == {"person": "", "csrf": ""}


def test_the_worker_names_the_files_of_this_version(anybody: httpx.Client) -> None:
    answer = anybody.get("/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    known = json.loads(answer.text.removeprefix("const KNOWN = ").partition(";\n")[0])
    for path in [*known["shell"], *known["noSignal"].values()]:
        assert anybody.get(path).status_code == 200, path
    assert known["version"] in known["library"]


def test_the_worker_keeps_the_scripts_of_the_pages_that_a_phone_keeps(
    client: httpx.Client, anybody: httpx.Client, repair: str
) -> None:
    shell = json.loads(anybody.get("/worker.js").text.removeprefix("const KNOWN = ").partition(";\n")[0])["shell"]
    for path in (
        repair,
        "/tickets",
        "/trips",
        "/trips/mine",
        "/repairs",
        "/requests/RP-2570-0001",
        "/requests/new/repair",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert set(re.findall(r'<script defer src="([^"]+)"', page.text)) - set(shell) == set(), path


@pytest.mark.parametrize(("language", "name"), [("th", "งานของฉันวันนี้"), ("en", "My day")])
def test_it_can_be_installed_in_both_languages(anybody: httpx.Client, language: str, name: str) -> None:
    told = anybody.get(f"/manifest.webmanifest?lang={language}").json()
    assert told["lang"] == language
    assert name in [each["name"] for each in told["shortcuts"]]
    for icon in told["icons"]:
        assert anybody.get(icon["src"]).content.startswith(b"\x89PNG")


def test_a_ticket_is_put_off_once_however_often_the_form_comes(client: httpx.Client, repair: str, fleet: Any) -> None:
    form = {"version": "1", "until": "2026-11-27", "note": "รออะไหล่", "once": KEY}
    answers = [client.post(f"{repair}/snooze", data=form, headers=OURS).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert count(fleet, submission) == 1
    assert client.get(repair).text.count("<blockquote>รออะไหล่</blockquote>") == 1


def test_what_could_not_be_put_off_may_come_again_under_its_key(client: httpx.Client, repair: str, fleet: Any) -> None:
    form = {"version": "7", "until": "2026-11-27", "once": KEY}
    assert client.post(f"{repair}/snooze", data=form, headers=OURS).status_code == 409
    assert count(fleet, submission) == 0
    assert client.post(f"{repair}/snooze", data={**form, "version": "1"}, headers=OURS).status_code == 303


def test_two_tickets_are_merged_once_however_often_the_form_comes(
    client: httpx.Client, repair: str, fleet: Any
) -> None:
    form = {"version": "1", "into": "2", "once": KEY}
    answers = [client.post(f"{repair}/merge", data=form, headers=OURS).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert count(fleet, submission) == 1


def test_a_trip_is_planned_and_ended_once_however_often_the_form_comes(client: httpx.Client, repair: str) -> None:
    number = client.get("/api/v1/requests").json()["items"][0]["number"]
    wish = {"day": "2026-11-23", "driver": "person:2", "repair": [number], "once": KEY}
    made = [client.post("/trips/new", data=wish, headers=OURS) for _ in range(2)]
    assert [each.status_code for each in made] == [303, 303]
    assert {each.headers["location"] for each in made} == {"/trips/1"}
    end = {"version": "1", "driven": "1", "once": OTHER}
    assert [client.post("/trips/1/end", data=end, headers=OURS).status_code for _ in range(2)] == [303, 303]
