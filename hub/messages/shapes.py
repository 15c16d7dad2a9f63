"""The bodies of events: what stands in them, and by which names. They are a promise to other programs (docs/webhooks.md)."""

from typing import Any

from hub.core.insights import IncidentView
from hub.core.notices import Notice
from hub.core.views import TicketLine


def ticket_body(line: TicketLine, entry: str, url: str | None) -> dict[str, Any]:
    """entry: the kind of what happened, as the history of tickets has it."""
    return {
        "number": line.id,
        "group": line.device.node.group,
        "school": line.device.node.school,
        "school_name": line.school_name,
        "node": line.device.node.name,
        "device": line.device.device,
        "dish": line.dish,
        "kind": line.kind,
        "room": line.room,
        "cause": line.cause,
        "state": line.state,
        "open": line.open,
        "onset_at": line.onset_at,
        "opened_at": line.opened_at,
        "recovered_at": line.recovered_at,
        "closed_at": line.closed_at,
        "version": line.version,
        "entry": entry,
        "url": url,
    }


def incident_body(told: Notice, view: IncidentView | None, url: str | None) -> dict[str, Any]:
    """view: as it is now; None: it turned out to be something else."""
    schools = () if view is None else view.schools
    return {
        "group": told.group,
        "key": told.key,
        "cause": told.cause,
        "start": told.start,
        "end": None if view is None else view.end,
        "withdrawn": view is None,
        "schools": [{"code": each.code, "start": each.start, "end": each.end} for each in schools],
        "url": url,
    }
