"""When a request cannot be answered: one shape for programs (RFC 9457), one friendly page for people, no stack trace at all."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.core.people import ROLES_MAY, Permission, Role
from hub.web.addresses import sign_in_url
from hub.web.leading import OUTBOX
from hub.web.refusals import NotAllowed, NotSignedIn
from hub.web.render import Renderer

log = logging.getLogger(__name__)
UNKEEPABLE = "unkeepable"
"""The code of the problem that a text holds what no store keeps."""
_CODES = {400: "bad-request", 404: "not-found", 405: "method-not-allowed"}


# Neither frozen nor with slots: Python writes the traceback into an exception.
@dataclass(eq=False)
class Problem(Exception):
    """What went wrong with a request, for programs; in English, as the API is.

    code     short and stable, to be tested for
    field    the parameter, header or body field that is to blame
    way_out  what to do instead
    """

    status: int
    code: str
    detail: str
    field: str | None = None
    way_out: str | None = None
    extra: tuple[tuple[str, Any], ...] = ()


_NOBODY = Problem(
    401,
    "not-signed-in",
    "Nobody is signed in, and no token was shown that the hub knows.",
    field="Authorization",
    way_out="send an API token of your account: Authorization: Bearer dltv_…",
)


def answer(request: Request, problem: Problem) -> Response:
    """The problem as application/problem+json."""
    body = {
        name: value for name, value in asdict(problem).items() if value is not None and name not in ("code", "extra")
    }
    body |= {"type": f"urn:dltv-fleet:problem:{problem.code}", "title": problem.code.replace("-", " ")}
    body |= {"instance": request.url.path, **dict(problem.extra)}
    return JSONResponse(body, problem.status, media_type="application/problem+json")


def no_such(what: str, field: str) -> Problem:
    return Problem(
        404, "not-found", f"There is no such {what}.", field=field, way_out=f"list them to see which {what}s exist"
    )


class Failures:
    """Answers API calls with problem documents and everything else with a page."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def respond(self, request: Request, problem: Problem) -> Response:
        if request.url.path.startswith("/api/"):
            return answer(request, problem)
        if problem.status == 422 and request.method == "POST" and problem.field:
            return self._renderer.page(request, "failure.html", {"status": 422, "unfilled": problem.field}, 422)
        status = 404 if problem.status == 422 else problem.status
        field = problem.field if problem.code == UNKEEPABLE else None
        return self._renderer.page(request, "failure.html", {"status": status, "unkeepable": field}, status)

    def on_problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return self.respond(request, error)

    def on_http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _CODES.get(error.status_code, "error")
        return self.respond(request, Problem(error.status_code, code, str(error.detail)))

    def on_invalid(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        # What does not fit into an address leads nowhere; a form that lacks something is told so.
        is_address = error.errors()[0]["loc"][0] != "body" and not _is_for_programs(request)
        return self.respond(request, no_such("page", "path") if is_address else _invalid(error))

    def on_nobody(self, request: Request, error: Exception) -> Response:
        """To where one signs in, and from there back. What htmx asked for a part of the page cannot be led elsewhere by a 303."""
        assert isinstance(error, NotSignedIn)
        if _is_for_programs(request):
            response = answer(request, _NOBODY)
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        if "hx-request" in request.headers or OUTBOX in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": sign_in_url(_page_of(request))})
        return RedirectResponse(sign_in_url(_page_of(request)), status_code=303)

    def on_not_allowed(self, request: Request, error: Exception) -> Response:
        """Says who may."""
        assert isinstance(error, NotAllowed)
        roles = [role for role in Role if error.permission in ROLES_MAY[role]]
        if _is_for_programs(request):
            return answer(request, _not_allowed(error.permission, roles))
        return self._renderer.page(request, "failure.html", {"status": 403, "roles": roles}, 403)

    def attach(self, app: FastAPI) -> None:
        app.add_exception_handler(NotSignedIn, self.on_nobody)
        app.add_exception_handler(NotAllowed, self.on_not_allowed)
        app.add_exception_handler(Problem, self.on_problem)
        app.add_exception_handler(HTTPException, self.on_http)
        app.add_exception_handler(RequestValidationError, self.on_invalid)


def _is_for_programs(request: Request) -> bool:
    path = request.url.path
    return path.startswith(("/api/", "/live", "/metrics")) or path.endswith(".atom")


def _page_of(request: Request) -> str:
    """The page that the reader looks at, as far as it can be asked for again."""
    if "hx-current-url" in request.headers:
        return _local(request.headers["hx-current-url"])
    return _local(str(request.url)) if request.method in ("GET", "HEAD") else "/"


def _local(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _not_allowed(permission: Permission | None, roles: Sequence[Role]) -> Problem:
    if permission is None:
        return Problem(403, "not-yours", "This is not yours to see or do.", way_out="ask for your own school")
    who = ", ".join(role.value for role in roles)
    return Problem(
        403,
        "not-allowed",
        f"This needs the permission {permission.value}.",
        way_out=f"use a token with this scope, of somebody who has one of these roles: {who}",
    )


class CrashGuard:
    """Turns what nobody expected into an answer and a log entry. Stands inside the guards, so that it carries their headers."""

    def __init__(self, app: ASGIApp, failures: Failures) -> None:
        self._app = app
        self._failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            log.exception("web: %s %s failed", scope["method"], scope["path"])
            problem = Problem(500, "internal-error", "The hub could not answer.", way_out="its log says why")
            await self._failures.respond(Request(scope), problem)(scope, receive, send)


def _field(fault: Mapping[str, Any]) -> str:
    """What is to blame. Of a body that is no JSON at all, only the place of its first bad sign would be known."""
    steps = [] if fault["type"] == "json_invalid" else fault["loc"][1:]
    return ".".join(str(step) for step in steps) or "body"


def _invalid(error: RequestValidationError) -> Problem:
    faults = [{"field": _field(fault), "problem": fault["msg"]} for fault in error.errors()]
    first = faults[0]
    return Problem(
        422,
        "invalid-input",
        f"{first['field']}: {first['problem']}",
        field=first["field"],
        way_out="see /api/v1/openapi.json for what is accepted",
        extra=(("errors", faults),),
    )
