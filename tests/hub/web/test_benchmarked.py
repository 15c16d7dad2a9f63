"""`make bench-web` asks for every page there is: the list is the application's own."""

from typing import Any

from benchmarks.furniture import Things
from benchmarks.opened import NO_PAGES, addresses
from hub.web.gate import declared_routes

THINGS = Things("1", "link", "sticker", "told", "sheet", 1, "RP-1", "SW-1", "AL-1", 1)


def test_every_page_and_file_that_somebody_can_open_is_timed(hub: Any) -> None:
    routes = {each.path for each in declared_routes(hub.app) if each.method == "GET"}
    own = {path for path in routes if not path.startswith("/api/")} - NO_PAGES
    assert own - set(addresses(THINGS, 0)) == set()


def test_nothing_is_timed_that_is_not_there(hub: Any) -> None:
    routes = {each.path for each in declared_routes(hub.app) if each.method == "GET"}
    assert set(addresses(THINGS, 0)) - routes == set()
