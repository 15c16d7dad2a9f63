"""The pages, as a browser gets them."""

import gc
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.people import Role
from hub.core.texts import Text
from hub.web.settings import WebSettings
from hub.web.writing import QuickMacro

SCHOOL = "/schools/cpm3/30010012"
PAGES = [
    "/",
    "/?show=silent",
    "/?show=trouble",
    SCHOOL,
    "/schools/cpm3/30010027",
    f"{SCHOOL}/computer",
    f"{SCHOOL}/devices/p1-tv",
    f"{SCHOOL}/devices/p1-receiver",
    "/tickets",
    "/tickets?show=all",
    "/tickets?show=closed&q=x",
    "/tickets/1",
    "/tickets/2",
    "/tickets/3",
]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_in_both_languages(client: httpx.Client, district: Any, path: str, language: str) -> None:
    answer = client.get(path, params={"lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    body = re.sub(r"<[^>]*>", " ", answer.text[answer.text.index("<body") :])
    # A message that no catalogue has would show as its code.
    assert not re.search(r"\b(cause|sign|evidence|state|kind|metric|value|move|condition|unit)\.[a-z]", body)
    assert "%(" not in body


@pytest.mark.parametrize("path", ["/", "/tickets"])
def test_a_page_leaves_nothing_of_its_templates_to_the_collector_of_garbage(client: httpx.Client, path: str) -> None:
    client.get(path)
    gc.collect()
    gc.disable()
    try:
        before = sum(type(each) is QuickMacro for each in gc.get_objects())
        client.get(path)
        assert sum(type(each) is QuickMacro for each in gc.get_objects()) == before
    finally:
        gc.enable()


def test_thai_comes_first(client: httpx.Client) -> None:
    assert '<html lang="th">' in client.get("/").text


def test_the_chosen_language_is_kept(client: httpx.Client) -> None:
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get("/tickets").text


def test_a_language_that_we_do_not_speak_changes_nothing(client: httpx.Client) -> None:
    assert '<html lang="th">' in client.get("/?lang=fr").text


def test_the_other_language_is_one_click_away_on_the_same_page(client: httpx.Client) -> None:
    assert 'href="/tickets?show=all&amp;q=x&amp;lang=en"' in client.get("/tickets?show=all&q=x").text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_or_style(client: httpx.Client, district: Any, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.parametrize(
    ("path", "part"), [("/", "overview"), (SCHOOL, "school"), ("/tickets", "tickets"), ("/tickets/1", "steps")]
)
def test_a_part_is_the_same_html_as_in_the_page(client: httpx.Client, district: Any, path: str, part: str) -> None:
    alone = client.get(path, headers={"HX-Request": "true", "HX-Target": part}).text.strip()
    assert "<html" not in alone
    assert alone in client.get(path).text


@pytest.mark.parametrize("part", ["no-such-part", "main", "title", "../x", "x" * 99])
def test_an_unknown_part_gets_the_whole_page(client: httpx.Client, part: str) -> None:
    headers = {"HX-Request": "true", "HX-Target": part}
    answer = client.get("/", headers=headers)
    assert answer.status_code == 200
    assert "<html" in answer.text or part in ("main", "title")


def test_an_empty_hub_says_what_to_do_next(client: httpx.Client) -> None:
    page = client.get("/?lang=en").text
    assert "Start an agent at a school and point it at this hub" in page
    assert "A ticket appears here by itself" in page


def test_a_hub_with_one_school_shows_its_computer_and_devices_at_once(client: httpx.Client, fleet: Any) -> None:
    node = fleet.node("cpm3", "30010031")
    fleet.device(node, "", "computer", {"host/cpu_pct": 12.0, "net/internet": True})
    fleet.device(node, "p1-tv", "tv", {"device/reachable": True, "power/on": True}, room="p1")
    assert 'id="host"' in client.get("/").text
    assert 'id="d-p1-tv"' in client.get("/").text
    fleet.node("cpm3", "30010032")
    assert 'id="host"' not in client.get("/").text


def test_the_overview_is_filtered_by_state(client: httpx.Client, district: Any) -> None:
    assert "30010027" not in client.get("/?show=trouble").text
    its_row = re.compile(r'id="s\d+" href="/schools/cpm3/30010012"')
    assert its_row.search(client.get("/?show=all").text)
    assert not its_row.search(client.get("/?show=silent").text)
    assert client.get("/?show=nonsense").status_code == 404


def test_an_age_is_told_in_words_and_by_its_time(client: httpx.Client, district: Any) -> None:
    page = client.get("/?lang=en").text
    assert 'data-age="1795149900000" datetime="2026-11-20T04:45:00Z" title="20 Nov 2026 11:45">2 h ago</time>' in page


def test_a_silent_school_shows_its_last_values_as_such(client: httpx.Client, district: Any) -> None:
    page = client.get("/schools/cpm3/30010027?lang=en").text
    assert "The school has been silent since 20 Nov 2026 11:45" in page
    assert "Out of reach" in page


def test_a_node_that_is_online_and_says_nothing_is_not_called_fine(client: httpx.Client, fleet: Any) -> None:
    fleet.node("cpm3", "30010031", heard_at=1_795_157_100_000 - 20 * 60_000)
    assert "online, but quiet" in client.get("/schools/cpm3/30010031?lang=en").text


def test_lost_reports_are_told(client: httpx.Client, district: Any) -> None:
    page = client.get(f"{SCHOOL}?lang=en").text
    assert "10 reports are lost" in page
    assert "No. 61 to 70" in page


def test_a_device_of_a_kind_that_nobody_named_is_shown(client: httpx.Client, fleet: Any) -> None:
    node = fleet.node("third", "Edge Node/1".replace("/", "."))
    fleet.device(node, "pump <b>", "pump", {"Pump/Speed": 7.5, "Pump/Running": True, "Note": "<script>"})
    page = client.get("/schools/third/Edge%20Node.1/devices/pump%20%3Cb%3E").text
    assert "Pump/Speed" in page
    assert "&lt;script&gt;" in page
    assert "<b>pump" not in page
    assert "<script>" not in page


def test_a_ticket_tells_cause_evidence_and_part(client: httpx.Client, district: Any) -> None:
    page = client.get("/tickets/1?lang=en").text
    assert "TV or projector failed" in page
    assert "although the receiver of room p1 answers and this set also answers in standby" in page
    assert "Spare TV or projector" in page


def test_tickets_are_found_by_the_cause_in_words_of_either_language(client: httpx.Client, district: Any) -> None:
    for words in ("receiver FAILED", "กล่องรับสัญญาณ"):
        page = client.get("/tickets", params={"q": words, "lang": "en"}).text
        assert 'href="/tickets/2"' in page
        assert 'href="/tickets/1"' not in page


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/schools/a/b",
        "/schools/cpm3/30010012/devices/x",
        "/tickets/99",
        "/tickets/abc",
        f"/tickets/{10**40}",
    ],
)
def test_what_is_not_there_gets_a_friendly_page(client: httpx.Client, district: Any, path: str) -> None:
    for language, words in (("th", "ไม่มีหน้านี้"), ("en", "This page does not exist")):
        answer = client.get(path, params={"lang": language})
        assert answer.status_code == 404
        assert words in answer.text


def test_a_static_file_is_kept_for_good_under_its_version(client: httpx.Client) -> None:
    address = re.search(r'href="(/static/dltv\.css\?v=\w+)"', client.get("/").text)
    assert address
    assert "immutable" in client.get(address[1]).headers["cache-control"]
    assert client.get("/static/dltv.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/../factory.py").status_code == 404


def test_the_first_view_is_small(client: httpx.Client, district: Any) -> None:
    page = client.get("/")
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)
    fonts = ["sarabun-thai-400", "sarabun-thai-600", "sarabun-thai-700", "sarabun-latin-400", "sarabun-latin-600"]
    files += [f"/static/vendor/sarabun/{name}-normal.woff2" for name in fonts]
    transferred = sum(_transferred(client, file) for file in {"/", *files})
    assert transferred <= 150_000


def _transferred(client: httpx.Client, path: str) -> int:
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        return sum(len(chunk) for chunk in answer.iter_raw())


class TestNotes:
    """Notes of the operator."""

    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(notes=(Text("note.short_waits"),))

    def test_shortened_waiting_times_are_told_on_every_page(self, client: httpx.Client, district: Any) -> None:
        for path in PAGES:
            assert "ย่นเวลารอลงแล้ว" in client.get(path).text


def test_whoever_is_of_a_school_reports_a_fault_from_its_page(
    as_role: Callable[[Role], httpx.Client], district: Any
) -> None:
    school, technician = (as_role(each).get("/schools/cpm3/30010012").text for each in (Role.SCHOOL, Role.TECHNICIAN))
    assert 'id="report" href="/requests/new/repair"' in school
    assert 'id="report"' not in technician
