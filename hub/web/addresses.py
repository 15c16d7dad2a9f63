"""The addresses of pages: one place that knows how keys stand in them."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from hub.core.equipment import HOST, DeviceKey, NodeKey

_KNOWN = 8192
"""A list names many of the same places each time; quoting takes long."""


@lru_cache(_KNOWN)
def school_url(node: NodeKey) -> str:
    return f"/schools/{quote(node.group, safe='')}/{quote(node.name, safe='')}"


def school_of_url(group: str, code: str) -> str:
    """Of a school that is known by its code: its first agent is called so."""
    return school_url(NodeKey(group, code))


def room_url(node: NodeKey, room: str) -> str:
    return f"{school_url(node)}/rooms/{quote(room, safe='')}"


@lru_cache(_KNOWN)
def device_url(key: DeviceKey) -> str:
    """The node's own computer has an address of its own: its key is empty, and no device can take its place."""
    if key.device == HOST:
        return f"{school_url(key.node)}/computer"
    return f"{school_url(key.node)}/devices/{quote(key.device, safe='')}"


def agent_url(node: NodeKey) -> str:
    """Of a computer, for the office: certificate, hardware, and the way to shut it out."""
    return f"/admin/agents/{quote(node.group, safe='')}/{quote(node.name, safe='')}"


def ticket_url(ticket_id: int) -> str:
    return f"/tickets/{ticket_id}"


def request_url(number: str) -> str:
    return f"/requests/{quote(number, safe='')}"


def report_url(token: str) -> str:
    """Where whoever reported a fault sees how its repair goes on, without an account."""
    return f"/r/{quote(token, safe='')}"


def survey_url(survey_id: int) -> str:
    """For the office: how far the schools are with it."""
    return f"/surveys/{survey_id}"


def item_url(code: str) -> str:
    """Of the stock."""
    return f"/supply/items/{quote(code, safe='')}"


def asset_url(asset_id: int) -> str:
    return f"/assets/{asset_id}"


def round_url(number: str) -> str:
    """Of a round of allocation: its plan, beside the page of its request."""
    return f"/allocation/{quote(number, safe='')}"


def series_url(key: DeviceKey) -> str:
    """Where the charts of a device get their curves; the metrics and the times are added by the page's script."""
    return "/api/v1/series?" + urlencode({"group": key.node.group, "node": key.node.name, "device": key.device})


def all_series(keys: Sequence[DeviceKey]) -> list[str]:
    return [series_url(key) for key in keys]


def live_url(*topics: str) -> str:
    return "/live?" + urlencode([("topic", topic) for topic in topics])


def incident_url(group: str, key: str) -> str:
    return f"/incidents/{quote(group, safe='')}/{quote(key, safe='/')}"


def sign_in_url(then: str) -> str:
    """Where one signs in, to be led to `then` afterwards."""
    return "/sign-in" if then == "/" else f"/sign-in?{urlencode({'next': then})}"


def local_path(wanted: str) -> str:
    """A page of this hub and no other site's, whatever somebody wrote into a link; else the first one."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    foreign = parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//")
    odd = any(letter in "\\" or not letter.isprintable() for letter in wanted)
    return "/" if foreign or odd else wanted
