"""Who may pass to a route. Everything is shut unless the route says who may: `needs(Permission.X)` or PUBLIC.

A router is made by `gated(…)`; what it and each of its routes need is read when the application is made, and one with a
route that says nothing is not made at all. The gate stands before the route: nothing of a body is read for somebody who may not.
Leaves to identity.py who somebody is.
"""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, params
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from hub.core.equipment import NodeKey
from hub.core.people import Permission, Principal, PrincipalKind
from hub.web.csrf import require_token
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed, NotSignedIn

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Whose = Callable[[Request], Iterable[NodeKey | None]]
"""The places that a request is about; None for what belongs to no single school."""
_SHOW_ALL = frozenset(
    {
        *(Permission.SEE_FLEET, Permission.SEE_REPORTS, Permission.TRY_SETTINGS),
        # Who may give roles could give themselves the other districts.
        *(Permission.MANAGE_PEOPLE, Permission.SEE_AUDIT),
        # Webhooks, and the ways of roles, are told of every district.
        Permission.SET_MESSAGES,
    }
)
PUBLIC_MOUNTS = frozenset({"/static"})


class UndeclaredRoute(Exception):
    """A route does not say who may use it."""


# Compared by identity: each declaration stands for itself.
@dataclass(frozen=True, eq=False)
class Need:
    """What a route needs.

    permission  of whoever asks; None: to be a person who is signed in
    whose       the places that the request is about: a school may, when they are its own
    passes      who may without being signed in at all
    """

    permission: Permission | None
    whose: Whose | None = None
    passes: Callable[[Request], bool] | None = None

    def __call__(self) -> None:
        """FastAPI carries it to the route; the gate reads it there."""

    def admit(self, request: Request, principal: Principal) -> None:
        """Raises NotSignedIn, NotAllowed."""
        if self.passes is not None and self.passes(request):
            return
        if principal.kind is PrincipalKind.NOBODY:
            raise NotSignedIn
        if self.permission is None:
            if principal.kind not in (PrincipalKind.PERSON, PrincipalKind.DEMO):
                raise NotAllowed(None)
        else:
            _admit_to((None,) if self.whose is None else self.whose(request), request, self.permission)


def require(principal: Principal, permission: Permission) -> None:
    """Raises NotAllowed."""
    if not principal.may(permission):
        raise NotAllowed(permission)


def _admit_to(places: Iterable[NodeKey | None], request: Request, permission: Permission) -> None:
    principal = principal_of(request)
    for place in places:
        if place is None:
            require(principal, permission)
            require_all_districts(request, permission)
        elif not principal.may_see(place.group, place.school):
            raise NotAllowed(None if principal.may(Permission.SEE_OWN_SCHOOL) else permission)


def require_all_districts(request: Request, permission: Permission) -> None:
    """What shows all districts at once is not for who is limited to some of them. Raises NotAllowed."""
    principal = principal_of(request)
    if permission in _SHOW_ALL and principal.groups is not None and not principal.groups >= request.app.state.groups:
        raise NotAllowed(None)


def _everybody(_request: Request) -> bool:
    return True


def needs(
    permission: Permission, *, whose: Whose | None = None, passes: Callable[[Request], bool] | None = None
) -> params.Depends:
    """Declares what a route needs."""
    return params.Depends(Need(permission, whose, passes))


SIGNED_IN: params.Depends = params.Depends(Need(None))
"""Declares that every person who is signed in may, whatever the roles; programs may not."""
PUBLIC: params.Depends = params.Depends(Need(None, passes=_everybody))
"""Declares that everybody may, signed in or not."""


class GatedRoute(APIRoute):
    """A route behind the gate."""

    @property
    def needs(self) -> Sequence[Need]:
        return [each.dependency for each in self.dependencies if isinstance(each.dependency, Need)]

    def get_route_handler(self) -> Handler:
        needs, handle = self.needs, super().get_route_handler()
        # Whoever signs in may still have a session that is forgotten: the form knows no word of it. Their origin is looked at.
        public = all(need.passes is _everybody for need in needs)

        async def gated(request: Request) -> Response:
            principal = principal_of(request)
            for need in needs:
                await run_in_threadpool(need.admit, request, principal)
            if not public:
                await require_token(request)
            return await handle(request)

        return gated


def gated(*declared: params.Depends, prefix: str = "", in_schema: bool = False) -> APIRouter:
    """A router whose routes all need what is declared, and what each declares besides."""
    return APIRouter(prefix=prefix, dependencies=list(declared), route_class=GatedRoute, include_in_schema=in_schema)


class DeclaredRoute(NamedTuple):
    """One way into the application."""

    method: str
    path: str
    needs: tuple[Need, ...]


def declared_routes(app: FastAPI) -> Iterator[DeclaredRoute]:
    """Every way in, and what it needs. Raises UndeclaredRoute."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, Mount) and route.path in PUBLIC_MOUNTS:
            continue
        found = tuple(route.needs) if isinstance(route, GatedRoute) else ()
        if not found:
            raise UndeclaredRoute(f"{context.path} does not say who may use it: needs(Permission.…) or PUBLIC")
        for method in sorted(context.methods or ()):
            yield DeclaredRoute(method, str(context.path), found)


def require_declarations(app: FastAPI) -> None:
    """Raises UndeclaredRoute."""
    for _ in declared_routes(app):
        pass
