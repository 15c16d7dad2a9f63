"""The addresses of pages: one place that knows how keys stand in them."""

from urllib.parse import quote, urlencode

from hub.core.equipment import HOST, DeviceKey, NodeKey


def school_url(node: NodeKey) -> str:
    return f"/schools/{quote(node.group, safe='')}/{quote(node.name, safe='')}"


def school_of_url(group: str, code: str) -> str:
    """Of a school that is known by its code: its first agent is called so."""
    return school_url(NodeKey(group, code))


def device_url(key: DeviceKey) -> str:
    """The node's own computer has an address of its own: its key is empty, and no device can take its place."""
    if key.device == HOST:
        return f"{school_url(key.node)}/computer"
    return f"{school_url(key.node)}/devices/{quote(key.device, safe='')}"


def ticket_url(ticket_id: int) -> str:
    return f"/tickets/{ticket_id}"


def series_url(key: DeviceKey) -> str:
    """Where the charts of a device get their curves; the metrics and the times are added by the page's script."""
    return "/api/v1/series?" + urlencode({"group": key.node.group, "node": key.node.name, "device": key.device})


def live_url(*topics: str) -> str:
    return "/live?" + urlencode([("topic", topic) for topic in topics])


def incident_url(group: str, key: str) -> str:
    return f"/incidents/{quote(group, safe='')}/{quote(key, safe='/')}"
