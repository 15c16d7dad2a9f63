"""A school with its rooms, and one device with its values and charts."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.people import Permission
from hub.core.views import DeviceView, TicketLine
from hub.web.addresses import school_url
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.live import node_topic
from hub.web.principal import principal_of
from hub.web.routes.spans import last_days
from hub.web.site import Site
from hub.web.whose import node_of_path

_DAYS = 30


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_FLEET, whose=node_of_path), prefix="/schools/{group}/{node}")

    @routes.get("")
    def school(request: Request, group: str, node: str) -> HTMLResponse:
        key = NodeKey(group, node)
        view = site.pages.school(key)
        if view is None:
            raise no_such("node", "node")
        span = last_days(site.renderer.figures(request).today(site.clock()), _DAYS)
        context = {
            "view": view,
            "rooms": by_room(view.devices),
            "use": site.insights.rooms(group, span.first, span.last, key.school),
            "told": site.rollouts.told(key),
            "topics": (node_topic(key),),
        }
        return site.renderer.page(request, "school.html", context)

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
        return site.renderer.page(request, "device.html", context)

    return routes


def _concerns(line: TicketLine, device: DeviceView) -> bool:
    """A ticket of the device, or of the dish that it hangs on."""
    if line.dish:
        return (line.device.node, line.dish) == (device.key.node, device.dish)
    return line.device == device.key


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
