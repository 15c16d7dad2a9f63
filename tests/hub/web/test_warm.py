"""What is worked out late is the same as at once, and is ready soon after a start."""

from collections.abc import Callable
from typing import Any

from fastapi.routing import iter_route_contexts

from hub.web.gate import GatedRoute
from hub.web.warm import Warming


def routes(app: Any) -> list[GatedRoute]:
    found = (context.original_route for context in iter_route_contexts(app.routes))
    return [each for each in found if isinstance(each, GatedRoute)]


def is_read(route: GatedRoute) -> bool:
    return "dependant" in route.__dict__


def test_a_route_is_read_when_it_is_asked_for(hub: Any) -> None:
    route = next(each for each in routes(hub.app) if each.path == "/tickets/{ticket_id}" and not is_read(each))
    assert [each.name for each in route.dependant.path_params] == ["ticket_id"]
    handle = route.app
    route.read()
    assert route.app is handle


def test_what_no_route_has_is_not_found_in_one(hub: Any) -> None:
    assert not hasattr(routes(hub.app)[0], "never_heard_of")


def test_all_is_ready_soon_after_a_start(hub: Any, until: Callable[[Callable[[], object]], None]) -> None:
    warming = Warming(hub.app)
    warming.start()
    until(lambda: all(map(is_read, routes(hub.app))))
    warming.stop()


def test_every_template_can_be_made_ready(hub: Any) -> None:
    assert len([make() for make in hub.app.state.renderer.templates()]) > 100


def test_it_ends_when_it_is_told(hub: Any) -> None:
    warming = Warming(hub.app)
    warming.stop()
    warming.start()
    warming.stop()
    assert not all(map(is_read, routes(hub.app)))
