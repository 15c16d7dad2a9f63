"""One field for whatever somebody has in mind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from hub.core.assets import Asset, AssetState, Deed
from hub.core.people import AT_THE_CONSOLE, Role
from hub.store.assets import AssetRows
from tests.hub.web.looking import Seats, look

OURS = "โรงเรียนบ้านทุ่งดอกจาน"
THEIRS = "โรงเรียนบ้านน้ำพุ"
NOW = 1_795_157_100_000
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก"}
PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}


@pytest.fixture
def people(fleet: Any, district: Any) -> Any:
    """Two districts: a school with an asset in each."""
    fleet.school("cpm4", "30020001", THEIRS)
    with fleet.store.begin() as work:
        rows = AssetRows(work.connection)
        added = Deed("added", "person:1", "Anong", 1)
        rows.add(Asset("cpm3", "tv", number="7730-001-0001", serial="SN77", school="30010012", name="โทรทัศน์สี"), added)
        theirs = Asset("cpm4", "tv", number="7730-001-0002", school="30020001", state=AssetState.WRITTEN_OFF)
        rows.add(theirs, added)
    return district


def found(client: httpx.Client, words: str) -> str:
    answer = client.get("/search", params={"q": words, "lang": "en"})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    "words",
    ["น้ำพุ", "น\u0e4d\u0e49าพุ", "นำพุ", "รร.บ้านน้ำพุ", "30020001", "๓๐๐๒๐๐๐๑", "  บ้าน   น้ำพุ "],
)
def test_a_school_is_found_however_its_name_or_code_is_typed(people: Any, client: httpx.Client, words: str) -> None:
    answer = found(client, words)
    assert THEIRS in answer
    assert OURS not in answer


def test_a_school_leads_to_its_page_and_tells_of_its_open_tickets(people: Any, client: httpx.Client) -> None:
    answer = found(client, "ทุ่งดอกจาน")
    assert 'href="/schools/cpm3/30010012"' in answer
    assert "open tickets" in answer


def test_a_school_without_an_agent_leads_to_what_stands_there(people: Any, client: httpx.Client) -> None:
    assert 'href="/assets?school=30020001"' in found(client, "น้ำพุ")


def test_a_ticket_is_found_by_its_number(people: Any, client: httpx.Client) -> None:
    assert f'href="/tickets/{people.open_ticket}"' in found(client, f"#{people.open_ticket}")


@pytest.mark.parametrize("words", ["7730-001-0001", "sn77", "โทรทัศนสี"])
def test_an_asset_is_found_by_number_serial_number_and_name(people: Any, client: httpx.Client, words: str) -> None:
    assert "7730-001-0001" in found(client, words)


def test_an_asset_that_was_written_off_is_found_as_well(people: Any, client: httpx.Client) -> None:
    assert "7730-001-0002" in found(client, "0002")


def test_a_request_is_found_by_its_number(people: Any, client: httpx.Client) -> None:
    made = client.post("/api/v1/requests", json={"type": "phone_consult", "values": CALL}, headers=PROGRAM)
    number = made.json()["number"]
    assert f'href="/requests/{number}"' in found(client, number.casefold())


@pytest.mark.parametrize("words", ["%", "_", "  ", "'; drop table school; --", "ก" * 80])
def test_signs_that_mean_something_to_databases_find_nothing(people: Any, client: httpx.Client, words: str) -> None:
    answer = found(client, words)
    assert OURS not in answer
    assert THEIRS not in answer


def test_nothing_found_says_what_to_try(people: Any, client: httpx.Client) -> None:
    assert "Tone marks may be left out" in found(client, "กขคง")


def test_a_school_finds_only_itself(people: Any, as_role: Callable[[Role], httpx.Client]) -> None:
    school = as_role(Role.SCHOOL)
    assert OURS in found(school, "บ้าน")
    assert THEIRS not in found(school, "บ้าน")
    assert "7730" not in found(school, "โทรทัศน์")
    assert f"/tickets/{people.open_ticket}" not in found(school, str(people.open_ticket))


def test_who_is_limited_to_a_district_finds_nothing_of_another(
    people: Any, hub: Any, as_role: Callable[[Role], httpx.Client]
) -> None:
    technician = hub.accounts.people.by_login("technician")
    place = replace(technician.place, groups=frozenset({"cpm4"}))
    hub.accounts.people.change(AT_THE_CONSOLE, technician.id, place, NOW)
    limited = as_role(Role.TECHNICIAN)
    assert THEIRS in found(limited, "บ้าน")
    assert OURS not in found(limited, "บ้าน")
    assert f"/tickets/{people.open_ticket}" not in found(limited, str(people.open_ticket))
    assert "7730-001-0001" not in found(limited, "7730")


def test_a_key_leads_to_the_search_and_what_is_typed_is_found(people: Any, sit: Seats) -> None:
    page = sit(Role.GROUP_HEAD)
    page.goto("/account")
    page.keyboard.press("/")
    page.wait_for_url("**/search")
    look(page, "search-empty")
    page.locator("#q").fill("นำพุ")
    page.keyboard.press("Enter")
    expect(page.locator("h2#schools")).to_be_visible()
    look(page, "search")
