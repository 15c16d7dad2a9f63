"""The districts in which whoever asks may do something: those that the hub serves, as far as they are not limited to some."""

from collections.abc import Iterable

from starlette.requests import Request

from hub.core.equipment import NodeKey
from hub.web.failures import no_such
from hub.web.principal import principal_of


def districts(request: Request) -> tuple[str, ...]:
    served: frozenset[str] = request.app.state.groups
    own = principal_of(request).groups
    return tuple(sorted(served if own is None else served & own))


def own_districts(request: Request) -> frozenset[str] | None:
    """What somebody is limited to, as the store is asked; None: they see all that the hub serves."""
    return principal_of(request).groups


def asked_districts(request: Request, wanted: str | None) -> frozenset[str] | None:
    """The one that was asked for, as far as it is theirs, else all of theirs."""
    own = own_districts(request)
    if not wanted:
        return own
    return frozenset({wanted}) if own is None or wanted in own else frozenset()


def theirs(request: Request, found: Iterable[str]) -> tuple[str, ...]:
    """Of these districts those that somebody may see."""
    own = own_districts(request)
    return tuple(each for each in found if own is None or each in own)


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
