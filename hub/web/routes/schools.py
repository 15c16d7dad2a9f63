"""A school with its rooms, and one device with its values and charts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.core.chain import Chain, chains_of
from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.people import Permission
from hub.core.views import DeviceView, SchoolView, TicketLine
from hub.web.addresses import school_url
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.highlights import QUIET_AFTER_MS
from hub.web.live import node_topic
from hub.web.principal import principal_of
from hub.web.routes.spans import last_days
from hub.web.site import Site
from hub.web.whose import node_of_path

_DAYS, _WEEK = 30, 7
_STRIPS = (7, 30, 90)


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_FLEET, whose=node_of_path), prefix="/schools/{group}/{node}")

    @routes.get("")
    def school(request: Request, group: str, node: str) -> HTMLResponse:
        key = NodeKey(group, node)
        view = site.pages.school(key)
        if view is None:
            raise no_such("node", "node")
        return site.renderer.page(request, "schools/school.html", _shown(site, request, key, view))

    routes.get("/rooms/{room}")(_Rooms(site).show)

    @routes.get("/computer")
    def computer(request: Request, group: str, node: str) -> HTMLResponse:
        return _device(request, DeviceKey(NodeKey(group, node), HOST))

    routes.post("/devices/{device}/adopt", dependencies=[needs(Permission.ADOPT)])(_Newcomers(site).adopt)

    @routes.get("/devices/{device}")
    def device(request: Request, group: str, node: str, device: str) -> HTMLResponse:
        return _device(request, DeviceKey(NodeKey(group, node), device))

    def _device(request: Request, key: DeviceKey) -> HTMLResponse:
        view = site.pages.school(key.node)
        shown = None if view is None else _find((*view.devices, *([view.host] if view.host else [])), key)
        if view is None or shown is None:
            raise no_such("device", "device")
        tickets = [line for line in view.tickets if _concerns(line, shown)]
        context = {"device": shown, "node": view.node, "tickets": tickets, "topics": (node_topic(key.node),)}
        context["peers"] = [each for each in view.devices if each.kind == shown.kind and each.key != key]
        context["asset"] = site.office.assets.look.at(key, principal_of(request))
        return site.renderer.page(request, "schools/device.html", context)

    return routes


def _shown(site: Site, request: Request, key: NodeKey, view: SchoolView) -> dict[str, Any]:
    span = last_days(site.renderer.figures(request).today(site.clock()), _DAYS)
    return {
        "view": view,
        "rooms": by_room(view.devices),
        "use": site.insights.rooms([key.group], span.first, span.last, key.school),
        "told": site.rollouts.told(key),
        "chains": _chains(site, view),
        "strips": site.office.history.strips(key, _WEEK, site.clock()),
        "topics": (node_topic(key),),
    }


def _chains(site: Site, view: SchoolView) -> tuple[Chain, ...]:
    """Of a school that is online and reports: what it said last is how things stand."""
    node, now = view.node, site.clock()
    seen = node.online and node.heard_at is not None and now - node.heard_at <= QUIET_AFTER_MS
    return chains_of(view.devices, view.tickets, site.office.history.running(node.key, now), seen=seen)


def _concerns(line: TicketLine, device: DeviceView) -> bool:
    """A ticket of the device, or of the dish that it hangs on."""
    if line.dish:
        return (line.device.node, line.dish) == (device.key.node, device.dish)
    return line.device == device.key


class _Rooms:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self, request: Request, group: str, node: str, room: str, days: int = _WEEK) -> HTMLResponse:
        site, key = self._site, NodeKey(group, node)
        view = site.pages.school(key)
        own = [] if view is None else [each for each in view.devices if each.room == room]
        if view is None or not own:
            raise no_such("room", "room")
        shown = days if days in _STRIPS else _WEEK
        chains = [chain.of_room(room) for chain in _chains(site, view)]
        context = {
            "node": view.node,
            "room": room,
            "devices": own,
            "chains": [chain for chain in chains if chain.branches],
            "strips": site.office.history.strips(key, shown, site.clock(), room),
            "days": shown,
            "topics": (node_topic(key),),
        }
        return site.renderer.page(request, "schools/room.html", context)


class _Newcomers:
    def __init__(self, site: Site) -> None:
        self._adoption = site.adoption

    def adopt(self, group: str, node: str, device: str) -> RedirectResponse:
        key = DeviceKey(NodeKey(group, node), device)
        if not self._adoption.adopt(key):
            raise no_such("device", "device")
        return RedirectResponse(f"{school_url(key.node)}#d-{quote(device, safe='')}", status_code=303)


def _find(devices: Iterable[DeviceView], key: DeviceKey) -> DeviceView | None:
    return next((device for device in devices if device.key == key), None)


def by_room(devices: Iterable[DeviceView]) -> list[tuple[str | None, list[DeviceView]]]:
    """The devices by room; those without one at the end."""
    rooms: defaultdict[str | None, list[DeviceView]] = defaultdict(list)
    for device in devices:
        rooms[device.room].append(device)
    return sorted(rooms.items(), key=lambda room: (room[0] is None, room[0] or ""))
