"""Every page of the application, on a phone in Thai and at a desk in English in the dark: it fits, and everybody can use it.

The list is the application's own: a page for which `furnished.py` knows no address is missed here.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from hub.core.people import ROLES_MAY, Permission, Role
from hub.web.gate import DeclaredRoute, declared_routes
from hub.web.settings import WebSettings
from tests.hub.web.furnished import Furnished
from tests.hub.web.looking import DESK, PHONE, Seats, check, look, unfold

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]
NO_PAGES = {
    "/live",
    "/healthz",
    "/readyz",
    "/metrics",
    "/worker.js",
    "/outbox/me",
    "/requests/files/{file_id}",
    "/requests/files/{file_id}/picture",
    "/photos/{photo_id}",
    "/photos/{photo_id}/small",
    "/sign-in/openid",
    "/sign-in/openid/back",
    "/schools/{group}/{node}/background",
}
"""What programs read, and what leads elsewhere."""
FILES = (".pdf", ".xlsx", ".csv", ".json", ".atom", ".{kind}", ".webmanifest")
OWN_STYLE = re.compile(r"<[a-z][^>]* style=|<style|<[a-z][^>]* on[a-z]+=|<script(?![^>]* src=)")
MOST_FIRST = (Role.ADMIN, Role.GROUP_HEAD, Role.TECHNICIAN, Role.SUPPLY, Role.DIRECTOR, Role.SCHOOL)


@pytest.fixture(scope="module")
def lasting_settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture(scope="module")
def furnished(lasting: Any, lasting_district: Any) -> Furnished:
    return Furnished(lasting, lasting_district)


@pytest.fixture(scope="module", params=[PHONE, DESK], ids=str)
def seats(browser: Browser, lasting: Any, request: pytest.FixtureRequest) -> Iterator[Seats]:
    seats = Seats(
        browser, lasting.url, lambda role: lasting.as_role(role).cookies["session"], request.param, checked=True
    )
    yield seats
    seats.close()


def pages(app: Any) -> list[DeclaredRoute]:
    found = [each for each in declared_routes(app) if each.method == "GET" and not each.path.startswith("/api/")]
    return [each for each in found if each.path not in NO_PAGES and not each.path.endswith(FILES)]


def sees(route: DeclaredRoute) -> Role | None:
    """Somebody who may see it; nobody in particular where everybody may."""
    if all(need.permission is None and need.passes is not None for need in route.needs):
        return None
    wanted: set[Permission] = {need.permission for need in route.needs if need.permission is not None}
    return next(role for role in MOST_FIRST if wanted <= ROLES_MAY[role])


def test_every_page_can_be_read_tapped_and_told_by_a_screen_reader(
    lasting: Any, furnished: Furnished, seats: Seats
) -> None:
    faults: list[str] = []
    for route in pages(lasting.app):
        addresses = furnished.pages.get(route.path, () if "{" in route.path else (route.path,))
        if not addresses:
            faults.append(f"{route.path}: no address is known of it")
        for address in addresses:
            faults += faults_of(seats, furnished.role(address) or sees(route), address)
    assert faults == [], "\n\n".join(faults)


def faults_of(seats: Seats, role: Role | None, address: str) -> list[str]:
    page = seats(role)
    answer = page.goto(address)
    faults = [] if answer and answer.ok else [f"{address}: {answer.status if answer else 'no answer'}"]
    if answer and OWN_STYLE.search(answer.text()):
        faults.append(f"{address}: has a style or a script of its own")
    unfold(page)
    for judge in (lambda: look(page, name_of(address)), lambda: check(page)):
        try:
            judge()
        except AssertionError as fault:
            faults.append(str(fault))
    return faults + seats.complaints()


def name_of(address: str) -> str:
    return "".join(each if each.isalnum() and each.isascii() else "-" for each in address).strip("-") or "overview"
