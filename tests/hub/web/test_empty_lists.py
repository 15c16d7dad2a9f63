"""A hub on its first day: every list there is says that it is empty, and what to do next."""

from html.parser import HTMLParser
from typing import Any

import pytest

from tests.hub.web.test_every_page_browser import pages, sees

NO_LISTS = {
    "/account",
    "/account/messages",
    "/admin/messages",
    "/admin/enrolment",
    "/admin/schools/import",
    "/admin/profiles/check",
    "/assets/import",
    "/assets/new",
    "/manage",
    "/mine",
    "/no-signal",
    "/office",
    "/outbox",
    "/people",
    "/prices",
    "/reports/calendar",
    "/requests/new",
    "/sign-in",
    "/supply/import",
    "/supply/new",
    "/surveys/new",
    "/whatif",
}
"""Forms, and lists that are never empty: whoever reads them stands in them, or the hub brings what they hold."""
CHOSEN = {
    "/audit": "/audit?subject=nothing",
    "/admin/settings": "/admin/settings?changed=true",
    "/search": "/search?q=nothing",
    "/assets": "/assets?search=nothing",
    "/supply": "/supply?search=nothing",
    "/requests": "/requests?show=overdue",
}
"""Where somebody has chosen what there is nothing of."""


class Said(HTMLParser):
    """The words inside of each `.empty`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told: list[list[str]] = []
        self._deep = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and ("class", "empty") in attrs:
            self.told.append([])
            self._deep = 1
        elif tag == "div" and self._deep:
            self._deep += 1

    def handle_endtag(self, tag: str) -> None:
        self._deep -= tag == "div" and self._deep > 0

    def handle_data(self, data: str) -> None:
        if self._deep and data.strip():
            self.told[-1].append(data.strip())


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_list_says_that_it_is_empty_and_what_to_do(hub: Any, as_role: Any, anybody: Any, language: str) -> None:
    silent = []
    lists = {route.path: sees(route) for route in pages(hub.app) if "{" not in route.path}
    assert lists.keys() >= NO_LISTS
    for path, role in lists.items():
        reader = as_role(role) if role else anybody
        for address in {path, CHOSEN.get(path, path)} - NO_LISTS - {"/audit", "/admin/settings"}:
            told = Said(reader.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text).told
            if not told or any(len(words) < 2 or len(words[1]) < 10 for words in told):
                silent.append(f"{address}: {told}")
    assert silent == [], "\n".join(silent)
