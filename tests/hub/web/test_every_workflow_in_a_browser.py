"""The usual way of every type of request that is offered, in a real browser, on a phone, in Thai: each step by its own button.

One browser and one hub for all of them. What is typed is invented from the definition.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.workflows.schema import AsksModel, Definition, Kind
from tests.hub.web.looking import Seats, look
from tests.hub.web.test_every_workflow import OFFERED, WALKED
from tests.hub.workflows.walking import Taken, actor, invented, opener, usual

pytestmark = pytest.mark.e2e
_PAPER = {"name": "ใบ.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
GONE = [*WALKED.values(), OFFERED["repair"]]
"""The others of those with walks of their own are gone through in the browser there."""
REPAIRED = ("inspect", "diagnose", "repair", "check", "hand_over", "close")
"""A repair is closed in one step only where the readings say that it is well."""
every = pytest.mark.parametrize("definition", GONE, ids=lambda each: each.id)


@pytest.fixture(scope="module")
def phones(browser: Browser, lasting: Any) -> Iterator[Seats]:
    lasting.fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    lasting.fleet.device(lasting.fleet.node("cpm3", "30010012"), "p1-tv", "tv", {"power/on": True}, room="ป.1")
    seats = Seats(browser, lasting.url, lambda role: lasting.as_role(role).cookies["session"])
    yield seats
    seats.close()


def fill(page: Page, definition: Definition, asks: AsksModel, step: str, values: Mapping[str, Any]) -> None:
    for name in asks.fields:
        # A picture that may stay empty is one of the photos that every form takes.
        if name.endswith("picture") and name not in asks.asks:
            continue
        kind, place = definition.fields[name].kind, page.locator(f"[id='{step}-{name}']")
        if kind in (Kind.CHOICE, Kind.PERSON, Kind.PLACE):
            place.select_option(str(values[name]))
        elif kind is Kind.FILE:
            place.set_input_files([_PAPER])  # type: ignore[list-item]
        elif kind is Kind.SIGNATURE:
            sign(page, f"{step}-{name}")
        elif kind is Kind.ROWS:
            fill_row(page, definition, name, f"{step}-{name}", values[name][0])
        else:
            place.fill(str(values[name]))


def fill_row(page: Page, definition: Definition, name: str, place: str, row: Mapping[str, Any]) -> None:
    for column, model in definition.fields[name].columns.items():
        cell = page.locator(f"[id='{place}-0-{column}']")
        if model.kind in (Kind.CHOICE, Kind.PERSON):
            cell.select_option(str(row[column]))
        else:
            cell.fill(str(row[column]))


def sign(page: Page, field: str) -> None:
    """With a finger."""
    canvas = page.locator(f"canvas[data-sign='{field}']")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=3)
    page.mouse.up()


def way_of(definition: Definition) -> tuple[Taken, ...]:
    if definition.id != "repair":
        return usual(definition)
    steps = [(name, definition.transitions[name]) for name in REPAIRED]
    return tuple(Taken(step.origins[0], name, step.to or "") for name, step in steps)


@every
def test_the_usual_way_is_gone_on_a_phone_in_thai(definition: Definition, phones: Seats) -> None:
    turn = 40 + GONE.index(definition)
    page = phones(opener(definition))
    page.goto("/requests/new")
    page.locator(f"a[href='/requests/new/{definition.id}']").click()
    look(page)
    fill(page, definition, definition.opening, "", invented(definition, definition.opening, turn))
    page.locator("main form.form button[type=submit].main").click()
    page.wait_for_url(lambda url: "/requests/new" not in url)
    path = page.evaluate("location.pathname")
    for step in way_of(definition):
        transition = definition.transitions[step.name]
        page = phones(actor(definition, transition))
        page.goto(path)
        look(page)
        page.locator(f"#step-{step.name}").click()
        fill(page, definition, transition, step.name, invented(definition, transition, turn))
        page.locator(f"form[action*='/steps/{step.name}'] button[type=submit].main").click()
        expect(page.locator(".title-end .state")).to_have_text(definition.states[step.to].th)
        drawn = page.locator(".drawing text.name", has_text=definition.states[step.to].th)
        expect(drawn.first).to_be_attached()
    assert phones.complaints() == []
