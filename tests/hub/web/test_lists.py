"""Every list of the pages sorts, filters and goes along as a file, or docs/lists.md says why it does not."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.web.gate import DeclaredRoute
from hub.web.settings import WebSettings
from tests.hub.web.furnished import Furnished
from tests.hub.web.test_every_page_browser import pages, sees

DOCS = (Path(__file__).parents[3] / "docs" / "lists.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCS.splitlines() if line.startswith("| `")]
OFFERED = {row[0].strip("`"): row[3].strip("`") for row in ROWS if len(row) == 4}
SHORT = {path: row[1] for row in ROWS if len(row) == 2 for path in re.findall(r"`([^`]+)`", row[0])}
LISTS = {"rows", "log", "history", "plain", "districts", "shares"}
"""Classes of what lists are made of."""
WHOLE = {"/admin/enrolment": "/admin/enrolment?show=all"}
"""Where the usual choice shows nothing there."""


class Shown(HTMLParser):
    """What a page offers: its lists, the orders that can be chosen, its other choices, and its files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lists = 0
        self.orders: list[str] = []
        self.choices = 0
        self.files: list[str] = []
        self.heads_sort = "tables.js" in html
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        classes = set(told.get("class", "").split())
        self.lists += tag in ("ul", "ol", "table") and bool(classes & LISTS)
        self.choices += (tag in ("select", "input") and told.get("type") in ("search", "date")) or "chip" in classes
        if tag == "select":
            self._select = told.get("name", "")
        self.choices += tag == "select" and self._select not in ("order", "sort")
        if tag == "option" and self._select in ("order", "sort"):
            self.orders.append(f"{self._select}={told.get('value', '')}")
        if tag == "a" and told.get("id", "").startswith("sort-"):
            self.orders.append(told["href"].partition("?")[2])
        if tag == "a" and "download" in told:
            self.files.append(told["href"])
        if tag == "a" and told.get("href", "").partition("?")[0].endswith((".xlsx", ".csv")):
            self.files.append(told["href"])


@pytest.fixture(scope="module")
def lasting_settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture(scope="module")
def furnished(lasting: Any, lasting_district: Any) -> Furnished:
    return Furnished(lasting, lasting_district)


@pytest.fixture(scope="module")
def opened(lasting: Any, furnished: Furnished) -> Iterator[dict[str, tuple[httpx.Client, str, Shown]]]:
    """Each route with who reads it, the address that shows most, and what it offers."""
    with httpx.Client(base_url=lasting.url, timeout=60, verify=False) as anybody:
        yield {route.path: most(lasting, furnished, route, anybody) for route in pages(lasting.app)}


def most(
    lasting: Any, furnished: Furnished, route: DeclaredRoute, anybody: httpx.Client
) -> tuple[httpx.Client, str, Shown]:
    """Of the addresses of a page, the one with the most lists."""
    plain = () if "{" in route.path else (WHOLE.get(route.path, route.path),)
    found = []
    for address in furnished.pages.get(route.path, plain):
        role = furnished.role(address) or sees(route)
        reader = lasting.as_role(role) if role else anybody
        found.append((reader, address, Shown(reader.get(address).text)))
    return max(found, key=lambda each: each[2].lists)


def test_every_list_is_told_with_what_it_offers_or_why_it_offers_nothing(opened: Any) -> None:
    assert OFFERED.keys() & SHORT.keys() == set()
    with_lists = {path for path, (_, _, shown) in opened.items() if shown.lists}
    assert with_lists - OFFERED.keys() - SHORT.keys() == set(), "a list that docs/lists.md does not know"
    assert (OFFERED.keys() | SHORT.keys()) - opened.keys() == set(), "there is no such page any more"
    assert [path for path, why in SHORT.items() if len(why) < 20] == []


@pytest.mark.parametrize("path", OFFERED)
def test_a_list_is_filtered_and_stands_in_each_of_its_orders(opened: Any, path: str) -> None:
    reader, address, shown = opened[path]
    assert shown.choices, "nothing to search or to choose"
    assert len(shown.orders) > 1 or shown.heads_sort, "it stands in one order only"
    plain = address.partition("?")[0]
    refused = [each for each in shown.orders if reader.get(f"{plain}?{each}").status_code != 200]
    assert refused == []
    assert [
        each for each in shown.orders if each.startswith("order=") and "selected" not in chosen(reader, plain, each)
    ] == []


def chosen(reader: httpx.Client, plain: str, order: str) -> str:
    """The option of an order, as the page that stands in it says it."""
    name = re.escape(order.partition("=")[2])
    found = re.search(rf'<option value="{name}"[^>]*>', reader.get(f"{plain}?{order}").text)
    return found[0] if found else ""


@pytest.mark.parametrize("path", OFFERED)
def test_a_list_goes_along_as_a_file_with_its_lines(opened: Any, path: str) -> None:
    reader, _, shown = opened[path]
    pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(OFFERED[path])) + r"\.(xlsx|csv)(\?|$)")
    links = [each for each in shown.files if pattern.match(each)]
    assert links, f"no link to {OFFERED[path]}: {shown.files}"
    for link in links:
        answer = reader.get(link, params={"lang": "en"} if "?" not in link else None)
        assert answer.status_code == 200, (link, answer.text[:200])
        if ".csv" in link:
            heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
            assert [each for each in heading if each.startswith("listed.")] == [], "a head without words"
            assert rows, link


@pytest.mark.parametrize("path", [path for path, file in OFFERED.items() if file.endswith("/export")])
def test_a_file_of_another_kind_is_not_there(opened: Any, path: str) -> None:
    assert opened[path][0].get(f"{OFFERED[path]}.exe").status_code == 404
