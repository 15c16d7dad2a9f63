"""The kinds of messages, for which people choose when to be told. A code says its kind: `<kind>.<what>`."""

from enum import StrEnum


class Kind(StrEnum):
    """What a message is about."""

    REQUESTS = "requests"
    """a step of a request or of a repair"""
    LIMITS = "limits"
    """a time limit comes near or has run out"""
    TICKETS = "tickets"
    """what the hub has found by itself"""
    INCIDENTS = "incidents"
    """what befalls several schools, or what no technician can mend"""
    SURVEYS = "surveys"
    SUPPLY = "supply"
    HUB = "hub"
    """that something is wrong with the hub itself"""
    OTHER = "other"


TEST = "test.sent"
"""The message that somebody sends to themselves."""
_LIMITS = ("request.warned", "request.overdue")
_KINDS = {
    "request": Kind.REQUESTS,
    "repair": Kind.REQUESTS,
    "trip": Kind.REQUESTS,
    "allocation": Kind.REQUESTS,
    "need": Kind.REQUESTS,
    "ticket": Kind.TICKETS,
    "incident": Kind.INCIDENTS,
    "survey": Kind.SURVEYS,
    "report": Kind.SURVEYS,
    "stock": Kind.SUPPLY,
    "loan": Kind.SUPPLY,
    "purchase": Kind.SUPPLY,
    "supply": Kind.SUPPLY,
    "hub": Kind.HUB,
}


def kind_of(code: str) -> Kind:
    """The kind of what a code says; a stranger's is told as the others."""
    if code in _LIMITS:
        return Kind.LIMITS
    return _KINDS.get(code.partition(".")[0], Kind.OTHER)
