"""Who may pass to a route. Everything is shut unless the route says who may: `needs(Permission.X)` or PUBLIC.

A router is made by `gated(…)`; what it and each of its routes need is read when the application is made, and one with a
route that says nothing is not made at all. The gate stands before the route: nothing of a body is read for somebody who may not.
Leaves to identity.py who somebody is.
"""

import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, params
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount, compile_path, get_name
from starlette.types import Scope

from hub.core.equipment import NodeKey
from hub.core.people import Permission, Principal, PrincipalKind
from hub.web.csrf import require_token
from hub.web.keepable import require_keepable
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed, NotSignedIn

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = Callable[..., Any]
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
_READING = threading.RLock()


class UndeclaredRoute(Exception):
    """A route does not say who may use it."""


# Compared by identity: each declaration stands for itself.
@dataclass(frozen=True, eq=False)
class Need:
    """What a route needs.

    permission  of whoever asks; None: to be a person who is signed in
    whose       the places that the request is about: a school may, when they are its own
    passes      who may without being signed in at all
    cut         what it shows is cut down to the districts of whoever asks
    """

    permission: Permission | None
    whose: Whose | None = None
    passes: Callable[[Request], bool] | None = None
    cut: bool = False

    def __call__(self) -> None:
        """As a dependency of a route that has no gate it would do nothing: such a route is refused (`declared_routes`)."""

    @property
    def waits(self) -> bool:
        """Whether the store may have to be asked. All else is decided at once: a thread for it takes longer than it does."""
        return self.whose is not None or self.passes not in (None, _everybody)

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
            self._admit_to((None,) if self.whose is None else self.whose(request), request, self.permission)

    def _admit_to(self, places: Iterable[NodeKey | None], request: Request, permission: Permission) -> None:
        principal = principal_of(request)
        for place in places:
            if place is None:
                require(principal, permission)
                if not self.cut:
                    _require_all_districts(request, permission)
            elif not principal.may_see(place.group, place.school):
                raise NotAllowed(None if principal.may(Permission.SEE_OWN_SCHOOL) else permission)


def require(principal: Principal, permission: Permission) -> None:
    """Raises NotAllowed."""
    if not principal.may(permission):
        raise NotAllowed(permission)


def _require_all_districts(request: Request, permission: Permission) -> None:
    """What shows all districts at once, and is not cut down, is not for who is limited to some of them. Raises NotAllowed."""
    principal = principal_of(request)
    if permission in _SHOW_ALL and principal.groups is not None and not principal.groups >= request.app.state.groups:
        raise NotAllowed(None)


def _everybody(_request: Request) -> bool:
    return True


def needs(
    permission: Permission,
    *,
    whose: Whose | None = None,
    passes: Callable[[Request], bool] | None = None,
    cut: bool = False,
) -> params.Depends:
    """Declares what a route needs."""
    return params.Depends(Need(permission, whose, passes, cut))


SIGNED_IN: params.Depends = params.Depends(Need(None))
"""Declares that every person who is signed in may, whatever the roles; programs may not."""
PUBLIC: params.Depends = params.Depends(Need(None, passes=_everybody))
"""Declares that everybody may, signed in or not."""


class GatedRoute(APIRoute):
    """A route behind the gate, which keeps what is needed to itself: FastAPI would look into it again at each request.

    What is read out of the endpoint's signature takes 5 ms for each of three hundred routes: it waits until the route is asked
    for, or for `warm.py`.
    """

    needs: Sequence[Need]

    def __init__(
        self, path: str, endpoint: Endpoint, *, dependencies: Sequence[params.Depends] | None = None, **rest: Any
    ) -> None:
        self.needs = [each.dependency for each in dependencies or () if isinstance(each.dependency, Need)]
        others = [each for each in dependencies or () if not isinstance(each.dependency, Need)]
        self._given: dict[str, Any] | None = {"path": path, "endpoint": endpoint, "dependencies": others, **rest}
        self._at_work = False
        # By these it is found.
        self.path, self.endpoint, self.name = path, endpoint, rest.get("name") or get_name(endpoint)
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._begins = path.partition("{")[0]
        self.methods = {method.upper() for method in rest.get("methods") or ("GET",)}
        self.include_in_schema = rest.get("include_in_schema", True)

    def read(self) -> None:
        """Work out what FastAPI wants to know of the endpoint, unless it is known. Any thread may call it."""
        with _READING:
            given = self._given
            if given is None or self._at_work:
                return
            self._at_work = True
            try:
                super().__init__(**given)
                self._given = None
            finally:
                self._at_work = False

    def __getattr__(self, name: str) -> Any:
        """Asked only for what is not known yet."""
        if not name.startswith("__"):
            with _READING:
                self.read()
                if name in self.__dict__:
                    return self.__dict__[name]
        raise AttributeError(name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Of hundreds of routes all but a few are told apart by how their addresses begin."""
        if not scope.get("root_path") and not scope["path"].startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        needs, handle = self.needs, super().get_route_handler()
        # Whoever signs in may still have a session that is forgotten: the form knows no word of it. Their origin is looked at.
        public = all(need.passes is _everybody for need in needs)

        async def gated(request: Request) -> Response:
            principal = principal_of(request)
            for need in needs:
                if need.waits:
                    await run_in_threadpool(need.admit, request, principal)
                else:
                    need.admit(request, principal)
            try:
                if not public:
                    await require_token(request)
                await require_keepable(request)
                return await handle(request)
            finally:
                # What a form brought lies in temporary files, also where the route did not ask for it.
                await request.close()

        return gated


def gated(*declared: params.Depends, prefix: str = "") -> APIRouter:
    """A router of pages whose routes all need what is declared, and what each declares besides."""
    return APIRouter(prefix=prefix, dependencies=list(declared), route_class=GatedRoute, include_in_schema=False)


def gated_api(*declared: params.Depends, prefix: str = "") -> APIRouter:
    """As `gated`, of the JSON API: its routes stand in the schema."""
    return APIRouter(prefix=f"/api/v1{prefix}", dependencies=list(declared), route_class=GatedRoute)


def joined(*routers: APIRouter) -> APIRouter:
    """One router with the routes of all, as they stand.

    `include_router` would work out each route a second time, at the first request, and look for it in two steps for ever after.
    """
    together = APIRouter()
    for each in routers:
        together.routes.extend(each.routes)
    return together


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
