"""Roll-outs, for who looks after the schools' computers: how far each is and why, begin one, hold it, let it go on, end it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Permission
from hub.rollouts.events import Event, What
from hub.rollouts.refusals import RolloutRefused
from hub.rollouts.rollout import Kind, Rollout, Standing, State
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.site import Site

PAGE = "/rollouts"
_DEEDS = {"pause": What.PAUSED, "resume": What.RESUMED, "abort": What.ABORTED}
_MAY: Mapping[State, tuple[str, ...]] = {
    State.RUNNING: ("pause", "abort"),
    State.PAUSED: ("resume", "abort"),
    State.STOPPED: ("resume", "abort"),
}
_TURNS = frozenset(What) - {What.ASKED, What.HEALTHY}
"""What is told one by one; who was asked and is well is counted."""
_NAMES = 5000
Short = Annotated[str, Form(max_length=100)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.RELEASE), prefix=PAGE)
    pages = _Rollouts(site)
    routes.get("")(pages.all)
    routes.post("")(pages.start)
    routes.get("/{number}")(pages.one)
    routes.post("/{number}/{deed}")(pages.do)
    return routes


class _Rollouts:
    def __init__(self, site: Site) -> None:
        self._site, self._rollouts = site, site.rollouts

    def all(self, request: Request, what: Annotated[str, Query(max_length=100)] = "") -> Response:
        """what: to begin with, as kind and version."""
        return self._list(request, what=what)

    def start(self, request: Request, what: Short = "", group: Short = "") -> Response:
        """`what`: kind and version, as the page offers them."""
        kind, _, version = what.partition(":")
        if group not in self._groups(request) or kind not in list(Kind):
            return self._list(request, "unknown", what)
        try:
            number = self._rollouts.start(Kind(kind), version, group, principal_of(request))
        except RolloutRefused as refused:
            return self._list(request, refused.refusal.value, what)
        return RedirectResponse(f"{PAGE}/{number}", status_code=303)

    def one(self, request: Request, number: int) -> Response:
        found, events = self._known(request, number)
        group = found.order.group
        nodes = self._site.pages.nodes(None, _NAMES)
        context = {
            "rollout": found,
            "counts": _counted(found, found.order.nodes),
            "waves": [(each, _counted(found, each)) for each in found.waves],
            "failures": [(node, each) for node, each in found.nodes.items() if each.standing is Standing.FAILED],
            "away": _away(found, self._rollouts.online(group)),
            "turns": _turns(events),
            "names": {each.key.name: each.school_name for each in nodes if each.key.group == group},
            "may_do": _MAY.get(found.state, ()),
        }
        return self._site.renderer.page(request, "admin/rollout.html", context)

    def do(self, request: Request, number: int, deed: str) -> Response:
        found, _ = self._known(request, number)
        if deed in _DEEDS:
            self._rollouts.do(found.order.number, _DEEDS[deed], principal_of(request))
        return RedirectResponse(f"{PAGE}/{found.order.number}", status_code=303)

    def _list(self, request: Request, refusal: str = "", what: str = "") -> Response:
        groups = self._groups(request)
        found = [each for each in self._rollouts.newest() if each.order.group in groups]
        offered = self._rollouts.offered()
        context = {
            "rollouts": [(each, _counted(each, each.order.nodes)) for each in found],
            "offered": [(kind, version) for kind in Kind for version in offered[kind]],
            "groups": sorted(groups),
            "refusal": refusal,
            "what": what,
        }
        return self._site.renderer.page(request, "admin/rollouts.html", context, status=422 if refusal else 200)

    def _known(self, request: Request, number: int) -> tuple[Rollout, Sequence[Event]]:
        found = self._rollouts.one(number) if 0 < number < 2**62 else None
        if found is None or found[0].order.group not in self._groups(request):
            raise no_such("roll-out", "number")
        return found

    def _groups(self, request: Request) -> frozenset[str]:
        """Those that the hub serves, and whoever asks may see."""
        served: frozenset[str] = request.app.state.groups
        mine = principal_of(request).groups
        return served if mine is None else served & mine


def _counted(found: Rollout, nodes: Iterable[str]) -> dict[str, int]:
    return {standing.value: count for standing, count in found.counts(nodes).items()}


def _away(found: Rollout, online: frozenset[str]) -> int:
    """Whose wave has come while they were offline."""
    return sum(found.standing(each) is Standing.WAITING and each not in online for each in found.begun)


def _turns(events: Sequence[Event]) -> list[tuple[Event, Any]]:
    """The newest first; with each wave its number."""
    waves = [each for each in events if each.what is What.WAVE]
    numbers = {id(each): number for number, each in enumerate(waves, 1)}
    return [(each, numbers.get(id(each))) for each in reversed(events) if each.what in _TURNS]
