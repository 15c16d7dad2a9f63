"""What really goes out has the shape that is promised: docs/webhooks.md and the description of the API."""

import re
from pathlib import Path

import pytest

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.insights import IncidentSchool, IncidentView
from hub.core.notices import Notice, Turn
from hub.core.views import TicketLine
from hub.messages.events import Event, EventType, payload
from hub.messages.shapes import incident_body, ticket_body
from hub.office.gathering import request_body
from hub.store.news import RequestNews
from hub.web.webhook_shapes import PAYLOADS
from hub.workflows.request import Entry, Request, Told

NOW = 1_795_157_100_000
PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
LINE = TicketLine(
    id=7, device=DeviceKey(NodeKey("cpm3", "30010012-2"), "p1-tv"), kind="tv", room=None, school_name=None, cause="tv_failed",
    state="reported", open=True, onset_at=NOW, opened_at=NOW, recovered_at=None, closed_at=None, signs=("silent",), version=1,
)  # fmt: skip
NOTICE = Notice("hub:office", "cpm3", "k:1", frozenset({Turn.BEGUN}), "area_outage", NOW)
VIEW = IncidentView("cpm3", "k:1", "area_outage", NOW, None, (IncidentSchool("30010012", None, NOW, None),), ())
REQUEST = Request(
    "software_install", "received", "person:1", "Malee", NOW, NOW, {"software": "x"}, number="SW-2570-0001"
)
ENTRY = Entry(NOW, Told.MOVED, "person:1", "Malee", "prepare", "received", "preparing", {"software": "x"}, "a note")
BODIES = {
    "ticket": ticket_body(LINE, "opened", None),
    "request": request_body(REQUEST, RequestNews(ENTRY, REQUEST), "https://hub.example/requests/SW-2570-0001"),
    "incident": incident_body(NOTICE, VIEW, None),
}


@pytest.mark.parametrize("kind", EventType)
def test_an_event_has_the_shape_that_is_promised(kind: EventType) -> None:
    body = BODIES[kind.value.partition(".")[0]]
    PAYLOADS[kind.value].model_validate(payload(Event("k", kind.value, "x:1", NOW, body)))


def test_one_that_was_none_is_told_with_its_shape() -> None:
    body = incident_body(NOTICE, None, None)
    PAYLOADS["incident.ended"].model_validate(payload(Event("k", "incident.ended", "x:1", NOW, body)))
    assert body["withdrawn"] is True


def test_no_event_tells_who_did_it_or_what_they_wrote() -> None:
    told = repr(BODIES["request"])
    assert "Malee" not in told
    assert "a note" not in told
    assert "software': 'x" not in told


def test_the_page_names_every_event_and_every_field() -> None:
    text = PAGE.read_text("utf-8")
    assert {each.value for each in EventType} <= set(re.findall(r"`([a-z.]+)`", text))
    fields = {name for body in BODIES.values() for name in body}
    assert {name for name in fields if f"`{name}`" not in text} == set()
