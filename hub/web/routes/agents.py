"""The computers of schools that speak to the hub: who is in, what is odd, and the way to shut one out."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.equipment import NodeKey
from hub.core.people import Permission
from hub.enrolment.views import AgentState, AgentView
from hub.web.addresses import agent_url
from hub.web.districts import districts, node_there
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, at, by_name, rising
from hub.web.principal import principal_of
from hub.web.site import Site

PAGE = "/admin/agents"
REASONS = ("stolen", "lost", "given_away", "replaced", "misused", "other")
"""Why somebody is shut out: `why.<reason>` in the catalogues. What was typed besides stands after it."""
_AT_ONCE = 50
From = Annotated[int, Query(ge=0, le=10**6)]


class Which(Enum):
    """Which computers are looked at."""

    ALL = "all"
    TRUSTED = AgentState.TRUSTED.value
    EXPIRED = AgentState.EXPIRED.value
    REVOKED = AgentState.REVOKED.value

    def holds(self, agent: AgentView) -> bool:
        return self is Which.ALL or agent.state.value == self.value


def router(site: Site) -> APIRouter:
    routes = gated(prefix=PAGE)
    pages = _Agents(site)
    see, revoke = [needs(Permission.ENROL)], [needs(Permission.REVOKE)]
    routes.get("", dependencies=see)(pages.page)
    routes.get("/export.{kind}", dependencies=see)(pages.export)
    routes.get("/{group}/{node}", dependencies=see)(pages.agent)
    routes.get("/{group}/{node}/shut-out", dependencies=revoke)(pages.ask)
    routes.post("/{group}/{node}/shut-out", dependencies=revoke)(pages.shut_out)
    return routes


class _Agents:
    def __init__(self, site: Site) -> None:
        self._site, self._enrolling = site, site.enrolling

    def page(self, request: Request, asked: Asked, which: Which = Which.ALL, begin: From = 0) -> Response:
        now, groups = self._site.clock(), districts(request)
        everybody = self._enrolling.agents(groups, now)
        found = self._listing(request).found(everybody, asked)
        listed = [each for each in found.lines if which.holds(each)]
        context = {
            "path": PAGE,
            "found": found,
            "agents": listed[begin : begin + _AT_ONCE],
            "more": begin + _AT_ONCE if len(listed) > begin + _AT_ONCE else None,
            "known": len(everybody),
            "asked": {**found.asked, "which": which.value},
            "counts": [(each.value, sum(map(each.holds, found.lines))) for each in Which],
            "troubles": self._enrolling.troubles(groups, now),
            "several": len(groups) > 1,
        }
        return self._site.renderer.page(request, "admin/agents.html", context)

    def export(self, request: Request, kind: str, asked: Asked, which: Which = Which.ALL) -> Response:
        listing, everybody = self._listing(request), self._enrolling.agents(districts(request), self._site.clock())
        return listing.file(self._site, request, kind, listing.found(filter(which.holds, everybody), asked))

    def _listing(self, request: Request) -> Listing[AgentView]:
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        return Listing(
            "agents",
            {
                "attention": lambda _each: 0,
                "school": lambda each: by_name(each.school_name or each.node.name),
                "silent": lambda each: rising(each.heard_at),
                "version": lambda each: by_name(each.version),
            },
            lambda each: (each.school_name, each.node.name, _serial(each), _model(each), each.version),
            {
                "district": lambda each: each.node.group,
                "code": lambda each: each.node.name,
                "school": lambda each: each.school_name,
                "state": lambda each: language.gettext(f"agents.{each.state.value}"),
                "version": lambda each: each.version,
                "model": _model,
                "serial": _serial,
                "joined": lambda each: at(figures, each.enrolled_at),
                "heard": lambda each: at(figures, each.heard_at),
            },
        )

    def agent(self, request: Request, group: str, node: str) -> Response:
        found = self._known(request, group, node)
        troubles = self._enrolling.troubles([group], self._site.clock())
        context = {
            "path": agent_url(found.node),
            "agent": found,
            "troubles": [each for each in troubles if each.node == found.node],
            "done": request.query_params.get("done"),
        }
        return self._site.renderer.page(request, "admin/agent.html", context)

    def ask(self, request: Request, group: str, node: str) -> Response:
        return self._ask(request, self._known(request, group, node))

    def shut_out(
        self,
        request: Request,
        group: str,
        node: str,
        reason: Annotated[str, Form(max_length=20)] = "",
        note: Annotated[str, Form(max_length=150)] = "",
    ) -> Response:
        found, note = self._known(request, group, node), note.strip()
        if reason not in REASONS or (reason == "other" and not note):
            return self._ask(request, found, mistake=True, typed=(reason, note))
        why = f"{reason}: {note}" if note else reason
        self._enrolling.shut_out(found.node, why, principal_of(request), self._site.clock())
        return RedirectResponse(f"{agent_url(found.node)}?done=out", status_code=303)

    def _ask(
        self, request: Request, agent: AgentView, *, mistake: bool = False, typed: Sequence[str] = ("", "")
    ) -> Response:
        context = {
            "path": f"{agent_url(agent.node)}/shut-out",
            "agent": agent,
            "reasons": REASONS,
            "mistake": mistake,
            "typed": typed,
        }
        return self._site.renderer.page(request, "admin/shut_out.html", context, 422 if mistake else 200)

    def _known(self, request: Request, group: str, name: str) -> AgentView:
        key: NodeKey = node_there(request, group, name)
        found = self._enrolling.agent(key, self._site.clock())
        if found is None:
            raise no_such("computer", "node")
        return found


def _serial(agent: AgentView) -> str:
    return agent.hardware.serial if agent.hardware is not None else ""


def _model(agent: AgentView) -> str:
    return agent.hardware.model if agent.hardware is not None else ""
