"""Who a request comes from, as identity.py found it."""

from starlette.requests import Request

from hub.core.people import NOBODY, Principal


def principal_of(request: Request) -> Principal:
    """Nobody, where nothing was found out: also on the page that tells of a failure."""
    principal = getattr(request.state, "principal", NOBODY)
    assert isinstance(principal, Principal)
    return principal
