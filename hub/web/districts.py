"""The districts in which whoever asks may do something: those that the hub serves, as far as they are not limited to some."""

from starlette.requests import Request

from hub.core.equipment import NodeKey
from hub.web.failures import no_such
from hub.web.principal import principal_of


def districts(request: Request) -> tuple[str, ...]:
    served: frozenset[str] = request.app.state.groups
    own = principal_of(request).groups
    return tuple(sorted(served if own is None else served & own))


def chosen_district(request: Request, wanted: str) -> str:
    """The one that was asked for, else the first; empty where there is none at all. Raises Problem."""
    found = districts(request)
    if wanted and wanted not in found:
        raise no_such("district", "group")
    return wanted or next(iter(found), "")


def node_there(request: Request, group: str, name: str) -> NodeKey:
    """Raises Problem."""
    if group not in districts(request):
        raise no_such("district", "group")
    return NodeKey(group, name)
