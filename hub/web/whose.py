"""Which schools a request is about, so that a school may see what is its own."""

from collections.abc import Iterator

from starlette.requests import Request

from hub.core.equipment import NodeKey
from hub.web.gate import Whose
from hub.web.live import node_of_topic, request_of_topic, ticket_of_topic
from hub.web.principal import principal_of
from hub.web.site import Site
from hub.workflows.sight import may_see


def node_of_path(request: Request) -> Iterator[NodeKey | None]:
    """Where the address names group and node."""
    yield NodeKey(request.path_params["group"], request.path_params["node"])


def node_of_query(request: Request) -> Iterator[NodeKey | None]:
    """Where the query may name group and node."""
    group, node = request.query_params.get("group"), request.query_params.get("node")
    yield NodeKey(group, node) if group and node else None


def place_of_ticket(site: Site) -> Whose:
    """Where the address names a ticket. One that does not exist belongs to nobody's school."""

    def place(request: Request) -> Iterator[NodeKey | None]:
        yield _place(site, request.path_params["ticket_id"])

    return place


def places_of_topics(site: Site) -> Whose:
    """Where the query names the topics of a live page."""

    def places(request: Request) -> Iterator[NodeKey | None]:
        for topic in request.query_params.getlist("topic"):
            ticket, number = ticket_of_topic(topic), request_of_topic(topic)
            if number is not None:
                yield _place_of_request(site, request, number)
            else:
                yield node_of_topic(topic) if ticket is None else _place(site, ticket)

    return places


def _place(site: Site, ticket: str) -> NodeKey | None:
    number = int(ticket) if ticket.isdecimal() and len(ticket) < 19 else 0
    return site.pages.place_of_ticket(number) if number else None


def _place_of_request(site: Site, request: Request, number: str) -> NodeKey | None:
    """Requests have rules of their own about who sees them: for whoever does, a place that they may see."""
    found, who = site.requests.look.one(number) if len(number) <= 40 else None, principal_of(request)
    if found is None or not may_see(who, found[0]):
        return None
    return NodeKey(min(who.groups, default="") if who.groups else "", who.school or "")
