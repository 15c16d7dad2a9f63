"""The JSON API of what is out there: nodes, devices, their stored reports and curves."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.people import Permission
from hub.web.api_models import (
    DeviceModel,
    NodeDetailModel,
    NodeModel,
    Page,
    ReportModel,
    SeriesAnswer,
    SeriesModel,
)
from hub.web.districts import own_districts
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.site import Site
from hub.web.whose import node_of_path, node_of_query

_DAY_MS = 86_400_000
_LONGEST_DAYS = 400
_BIGGEST = 2**63 - 1
Name = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Place = Annotated[str | None, Query(max_length=600, description="as the previous part's `next` says")]


class SeriesQuery(BaseModel):
    """Which curves; `device` empty for the node's own computer."""

    group: str = Field(max_length=200)
    node: str = Field(max_length=200)
    device: str = Field(HOST, max_length=200)
    metric: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1, max_length=40)
    since: int | None = Field(None, alias="from", ge=0, le=_BIGGEST, description="ms since 1970 UTC")
    until: int | None = Field(None, alias="to", ge=0, le=_BIGGEST, description="ms since 1970 UTC")
    points: int = Field(600, ge=10, le=5000, description="about so many a metric")


def router(site: Site) -> APIRouter:
    routes = gated_api()
    fleet, own = needs(Permission.SEE_FLEET, cut=True), needs(Permission.SEE_FLEET, whose=node_of_path)
    api = _Equipment(site)
    routes.get("/nodes", dependencies=[fleet])(api.nodes)
    routes.get("/nodes/{group}/{node}", dependencies=[own])(api.node)
    routes.get("/nodes/{group}/{node}/devices/{key}", dependencies=[own])(api.device)
    adopts = [needs(Permission.ADOPT), own]
    routes.post("/nodes/{group}/{node}/devices/{key}/adopt", dependencies=adopts)(api.adopt)
    routes.get("/nodes/{group}/{node}/reports", dependencies=[own])(api.reports)
    of_query = needs(Permission.SEE_FLEET, whose=node_of_query, cut=True)
    routes.get("/devices", dependencies=[of_query])(api.devices)
    routes.get("/series", dependencies=[of_query])(api.series)
    return routes


class _Equipment:
    def __init__(self, site: Site) -> None:
        self._site = site

    def nodes(self, request: Request, after: Place = None, limit: Limit = 200) -> Page[NodeModel]:
        """All nodes."""
        place = None if after is None else NodeKey(*_split(after, 2))
        found = self._site.pages.nodes(place, limit, own_districts(request))
        following = None if len(found) < limit else f"nodes?{urlencode({'after': found[-1].key, 'limit': limit})}"
        return Page(items=[NodeModel.of(view) for view in found], next=_address(following))

    def node(self, group: str, node: str) -> NodeDetailModel:
        """One node with its devices, current values and the state of its journals."""
        view = self._site.pages.school(NodeKey(group, node))
        if view is None:
            raise no_such("node", "node")
        return NodeDetailModel.of_school(view)

    def device(self, group: str, node: str, key: str) -> DeviceModel:
        """One device with its current values. The node's own computer stands in the node."""
        view = self._site.pages.device(DeviceKey(NodeKey(group, node), key))
        if view is None:
            raise no_such("device", "key")
        return DeviceModel.of(view)

    def adopt(self, group: str, node: str, key: str) -> DeviceModel:
        """Put a device that has reported into the register, and answer with what it is then."""
        if not self._site.adoption.adopt(DeviceKey(NodeKey(group, node), key)):
            raise no_such("device", "key")
        return self.device(group, node, key)

    def reports(
        self,
        group: str,
        node: str,
        epoch: Annotated[str | None, Query(max_length=64, description="a journal; without it, the newest")] = None,
        first: Annotated[int, Query(alias="from", ge=0, le=_BIGGEST, description="offset to begin with")] = 0,
        limit: Limit = 200,
    ) -> Page[ReportModel]:
        """Every stored report of one journal, in the order of the offsets."""
        key = NodeKey(group, node)
        found = self._site.pages.reports(key, epoch, first, limit)
        if not found and self._site.pages.school(key) is None:
            raise no_such("node", "node")
        following = None
        if len(found) == limit:
            query = urlencode({"epoch": found[-1].epoch, "from": found[-1].offset + 1, "limit": limit})
            following = f"nodes/{quote(group, safe='')}/{quote(node, safe='')}/reports?{query}"
        return Page(items=[ReportModel.model_validate(view) for view in found], next=_address(following))

    def devices(
        self,
        request: Request,
        group: Name | None = None,
        node: Name | None = None,
        after: Place = None,
        limit: Limit = 200,
    ) -> Page[DeviceModel]:
        """All devices, or those of one node; the nodes' own computers among them."""
        if (group is None) != (node is None):
            raise Problem(422, "invalid-input", "group and node go together", field="node", way_out="give both or none")
        key = None if group is None or node is None else NodeKey(group, node)
        place = None if after is None else _device_key(after)
        found = self._site.pages.devices(key, place, limit, own_districts(request))
        following = None
        if len(found) == limit:
            last = found[-1].key
            query = {"after": f"{last.node}/{last.device}", "limit": limit}
            following = f"devices?{urlencode(query | ({} if key is None else {'group': key.group, 'node': key.name}))}"
        return Page(items=[DeviceModel.of(view) for view in found], next=_address(following))

    def series(self, wanted: Annotated[SeriesQuery, Query()]) -> SeriesAnswer:
        """Metrics over time, thinned without losing the extremes; the last day unless told otherwise.

        Spans of more than 48 hours are made of hours, which are kept when the reports are gone.
        """
        until = self._site.clock() if wanted.until is None else wanted.until
        since = until - _DAY_MS if wanted.since is None else wanted.since
        if not 0 < until - since <= _LONGEST_DAYS * _DAY_MS:
            detail = f"from: has to lie before to, by {_LONGEST_DAYS} days at most"
            raise Problem(422, "invalid-input", detail, field="from", way_out="ask for a shorter span")
        key = DeviceKey(NodeKey(wanted.group, wanted.node), wanted.device)
        found = self._site.pages.series(key, wanted.metric, since, until, wanted.points)
        series = [
            SeriesModel(metric=each.metric, points=list(each.points), step=each.step, bands=list(each.bands))
            for each in found
        ]
        return SeriesAnswer(since=since, until=until, series=series)


def _address(following: str | None) -> str | None:
    return None if following is None else f"/api/v1/{following}"


def _device_key(place: str) -> DeviceKey:
    group, name, device = _split(place, 3)
    return DeviceKey(NodeKey(group, name), device)


def _split(place: str, parts: int) -> list[str]:
    found = place.split("/", parts - 1)
    if len(found) != parts:
        raise Problem(
            422, "invalid-input", "after: is no place in this list", "after", "follow the previous part's next"
        )
    return found
