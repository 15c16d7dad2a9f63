"""The feed of incidents, read as a feed reader reads it."""

import html
import re
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest

from hub.core.findings import Incident
from hub.core.people import AT_THE_CONSOLE

NOW, MINUTE, HOUR, DAY = 1_795_157_100_000, 60_000, 3_600_000, 86_400_000
ATOM = "{http://www.w3.org/2005/Atom}"
SCHOOL = "30010012"


def rain(end: int | None = None, **schools: tuple[int, int | None]) -> Incident:
    return Incident("cpm3", "rain_fade:7", "rain_fade", NOW - HOUR, end, schools or {SCHOOL: (NOW - HOUR, end)})


@pytest.fixture
def told(fleet: Any, district: Any) -> None:
    fleet.incident(rain())
    old = NOW - 20 * DAY
    fleet.incident(Incident("cpm3", "old", "area_outage", old, old + HOUR, {SCHOOL: (old, old + HOUR)}))


def read(client: httpx.Client, query: str = "?lang=en") -> ET.Element:
    answer = client.get(f"/incidents.atom{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)


def words(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def test_the_feed_and_its_entries_have_what_atom_requires(client: httpx.Client, told: None) -> None:
    feed = read(client)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(words(element, name) for name in ("id", "title", "updated"))
        assert any(link.get("rel") == "alternate" for link in element.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["self", "alternate"]


def test_an_entry_tells_what_where_when_and_why_no_ticket(client: httpx.Client, told: None) -> None:
    (entry,) = read(client).iter(f"{ATOM}entry")
    assert words(entry, "title") == "Rain fade · โรงเรียนบ้านทุ่งดอกจาน (30010012)"
    assert words(entry, "published") == "2026-11-20T05:45:00Z"
    assert "12:45 – lasts" in words(entry, "summary")
    assert "No ticket: heavy rain" in words(entry, "content")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert client.get(str(link.get("href"))).status_code == 200


def test_it_speaks_thai_where_thai_is_asked_for(client: httpx.Client, told: None) -> None:
    feed = read(client, "?lang=th")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "th"
    assert "ฝน" in str(feed.findtext(f"{ATOM}entry/{ATOM}title"))
    assert words(read(client, ""), "title") == words(feed, "title")


def test_an_incident_that_goes_on_keeps_its_id_and_is_updated(client: httpx.Client, fleet: Any, told: None) -> None:
    (before,) = read(client).iter(f"{ATOM}entry")
    fleet.incident(rain(NOW - MINUTE))
    (after,) = read(client).iter(f"{ATOM}entry")
    assert words(before, "id") == words(after, "id")
    assert words(before, "id").startswith("urn:uuid:")
    assert (words(before, "updated"), words(after, "updated")) == ("2026-11-20T05:45:00Z", "2026-11-20T06:44:00Z")


# NUL stands in none: PostgreSQL keeps it nowhere.
@pytest.mark.parametrize("name", ["<b>&\"'", "a\x01b\x0bc", "]]>"])
def test_no_name_of_a_school_breaks_the_feed(client: httpx.Client, fleet: Any, name: str) -> None:
    fleet.school("cpm3", "9", name)
    fleet.incident(rain(None, **{"9": (NOW - HOUR, None)}))
    (entry,) = read(client).iter(f"{ATOM}entry")
    assert "(9)" in words(entry, "title")
    assert "<b>" not in words(entry, "content")


def test_a_feed_without_incidents_is_a_feed(client: httpx.Client) -> None:
    feed = read(client)
    assert words(feed, "updated") == "2026-11-06T00:00:00Z"
    assert list(feed.iter(f"{ATOM}entry")) == []


def test_a_reader_that_has_it_gets_it_only_when_it_changes(client: httpx.Client, fleet: Any, told: None) -> None:
    tag = client.get("/incidents.atom?lang=en").headers["etag"]
    again = client.get("/incidents.atom?lang=en", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    fleet.incident(rain(NOW - MINUTE))
    changed = client.get("/incidents.atom?lang=en", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def feed_of(client: httpx.Client) -> str:
    """As its page offers it."""
    page = client.get("/incidents?lang=en").text
    assert "Subscribe" in page
    (found,) = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="[^"]*" href="([^"]+)"', page)
    return html.unescape(found)


def test_the_page_of_incidents_offers_a_feed_that_needs_no_session(client: httpx.Client, anybody: httpx.Client) -> None:
    feed = feed_of(client)
    assert feed.startswith("/incidents.atom?lang=en&key=")
    assert anybody.get(feed).status_code == 200


def test_the_key_of_a_feed_opens_nothing_else(client: httpx.Client, anybody: httpx.Client) -> None:
    query = feed_of(client).partition("?")[2]
    key = query.partition("key=")[2]
    assert anybody.get(f"/incidents?{query}").status_code == 303
    assert anybody.get(f"/api/v1/incidents?{query}").status_code == 401
    assert anybody.get("/api/v1/incidents", headers={"Authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize("key", ["", "0", "1.", "x.y", "1.00", "999999999999999999.aa", "²." + "0" * 64])
def test_a_key_that_nobody_has_opens_no_feed(anybody: httpx.Client, key: str) -> None:
    assert anybody.get("/incidents.atom", params={"key": key}).status_code == 401


def test_a_feed_ends_with_the_password_or_the_account_of_its_reader(
    client: httpx.Client, anybody: httpx.Client, hub: Any
) -> None:
    feed, people = feed_of(client), hub.accounts.people
    person = people.by_login("group_head")
    people.deactivate(AT_THE_CONSOLE, person.id, NOW)
    assert anybody.get(feed).status_code == 401
    people.reactivate(AT_THE_CONSOLE, person.id, NOW)
    assert anybody.get(feed).status_code == 200
    hub.accounts.links.reset(AT_THE_CONSOLE, person.id, NOW)
    assert anybody.get(feed).status_code == 401
