"""The picture of somebody who decides: what waits for them, the fiscal year, needs and budget."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from benchmarks.reports import District, Sizes
from hub.core.people import Role
from hub.web.settings import WebSettings
from tests.hub.web.looking import Seats, check, look

PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
COURSE: dict[str, Any] = {"topic": "การใช้ DLTV ในห้องเรียน", "audience": "ครูโรงเรียนขนาดเล็ก", "seats": 30}
PLAN = {"starts": "2026-12-07", "ends": "2026-12-08", "place": "ห้องประชุม", "budget": 12000}


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def proposed(as_role: Callable[[Role], httpx.Client]) -> str:
    """A course that the director is to approve; its number."""
    head = as_role(Role.GROUP_HEAD)
    made = head.post("/api/v1/requests", json={"type": "training", "values": COURSE}, headers=PROGRAM)
    assert made.status_code == 201, made.text
    number = str(made.json()["number"])
    wish = {"transition": "propose", "version": made.json()["version"], "values": PLAN}
    step = head.post(f"/api/v1/requests/{number}/steps", json=wish, headers=PROGRAM)
    assert step.status_code == 200, step.text
    return number


def test_what_waits_for_a_decision_stands_first(proposed: str, as_role: Callable[[Role], httpx.Client]) -> None:
    answer = as_role(Role.DIRECTOR).get("/director?lang=en").text
    assert f'href="/requests/{proposed}"' in answer
    assert COURSE["topic"] in answer


def test_what_waits_for_others_is_not_told_as_theirs(proposed: str, client: httpx.Client) -> None:
    answer = client.get("/director?lang=en").text
    assert proposed not in answer
    assert "Nothing waits for you" in answer


def test_a_year_that_has_not_begun_is_none(client: httpx.Client) -> None:
    assert client.get("/director?year=2571").status_code == 404
    assert client.get("/director?year=2400").status_code == 404


def test_another_district_is_not_shown(client: httpx.Client, fleet: Any) -> None:
    District(fleet.store, Sizes(schools=2, rooms=1, repairs=1, others=1)).write()
    assert client.get("/director?group=cpm9").status_code == 404


def test_the_figures_are_those_of_the_report_of_the_year(client: httpx.Client, fleet: Any) -> None:
    District(fleet.store, Sizes(schools=6, rooms=2, repairs=4, others=2)).write()
    report = client.get("/api/v1/reports/2570").json()
    answer = client.get("/director?lang=en").text
    assert f"<strong>{report['repairs']['done']}</strong>" in answer


def test_a_director_looks_at_the_year_and_at_what_waits(proposed: str, sit: Seats, fleet: Any) -> None:
    District(fleet.store, Sizes(schools=6, rooms=2, repairs=4, others=2)).write()
    page = sit(Role.DIRECTOR)
    page.goto("/office")
    page.locator("main a[href='/director']").click()
    expect(page.locator(f"#r-{proposed}")).to_be_visible()
    look(page, "director")
    check(page)
    page.locator("#before").click()
    expect(page.locator("#after")).to_be_visible()
    look(page, "director-before")
    check(page)


def test_a_director_decides_on_what_waits(proposed: str, sit: Seats) -> None:
    page = sit(Role.DIRECTOR)
    page.goto("/director")
    page.locator(f"#r-{proposed}").click()
    page.wait_for_url(f"**/requests/{proposed}*")
    look(page, "director-request")
    page.locator("#step-approve").click()
    check(page)
    page.locator("form[action*='/steps/approve'] button.main").click()
    expect(page.locator("#step-approve")).to_have_count(0)
    page.goto("/director")
    expect(page.locator(f"#r-{proposed}")).to_have_count(0)
    expect(page.locator("[aria-labelledby='waiting'] .empty")).to_be_visible()
    look(page, "director-decided")
    check(page)
