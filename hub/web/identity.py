"""Who asks: a person by the session in the cookie, a program by the token in its header, or nobody.

Decides nothing about what they may (gate.py). Whoever shows a token is that token's, whatever cookie comes along.
"""

from collections.abc import Callable
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import SessionSettings
from hub.accounts.signing import SignIn
from hub.core.people import NOBODY, Principal, PrincipalKind, Role
from hub.web.csrf import token_of
from hub.web.pages import Clock
from hub.web.settings import LOOPBACK_HOSTS

_NAME, _SCHEME = "session", "bearer"
_LONGEST_AGENT = 200
_FOR_NOBODY = frozenset({"/healthz"})
"""Whether the hub lives is told without its store, whoever asks."""


class Known:
    """Those whom the hub knows by a secret.

    demo_school  the school that somebody sees who is there as a school, on a hub that shows itself
    """

    def __init__(self, accounts: Accounts, clock: Clock, demo_school: Callable[[], str | None]) -> None:
        self._accounts, self._clock, self._demo_school = accounts, clock, demo_school

    def by_session(self, secret: str) -> Principal | None:
        found = self._accounts.signing.resolve(secret, self._clock())
        if found is None:
            return None
        principal = found.principal
        if principal.kind is PrincipalKind.DEMO and Role.SCHOOL in principal.roles:
            return replace(principal, school=self._demo_school())
        return principal

    def by_token(self, secret: str) -> Principal | None:
        return self._accounts.tokens.resolve(secret, self._clock())


class Identify:
    """Writes `principal`, and the word that the forms of a session carry (`csrf`), into the request's state."""

    def __init__(self, app: ASGIApp, known: Known) -> None:
        self._app, self._known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            request = Request(scope)
            secret, look = self._shown(request) if scope["path"] not in _FOR_NOBODY else ("", self._known.by_session)
            principal = await run_in_threadpool(look, secret) if secret else None
            request.state.principal = principal or NOBODY
            request.state.csrf = token_of(secret) if principal and look == self._known.by_session else ""
            send = _unkept(send) if principal else send
        await self._app(scope, receive, send)

    def _shown(self, request: Request) -> tuple[str, Callable[[str], Principal | None]]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == _SCHEME:
            return token.strip(), self._known.by_token
        return session_of(request), self._known.by_session


def _unkept(send: Send) -> Send:
    """What somebody was shown who is signed in, no browser keeps: "back" after signing out must not show it to the next one."""

    async def without_keeping(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("cache-control", "no-cache") == "no-cache":
                headers["Cache-Control"] = "no-store"
        await send(message)

    return without_keeping


def session_of(request: Request) -> str:
    """The secret of the session, or nothing."""
    return request.cookies.get(_cookie(request), "")


def visitor_of(request: Request) -> Visitor:
    """Where the request comes from."""
    address = request.client.host if request.client is not None else ""
    agent = "".join(filter(str.isprintable, request.headers.get("user-agent", "")))[:_LONGEST_AGENT]
    return Visitor(address, agent, session_of(request) or None)


def is_local(request: Request) -> bool:
    """Somebody on the hub's own machine who calls it by a name of loopback; not a proxy on behalf of somebody else."""
    here = request.client is not None and request.client.host in LOOPBACK_HOSTS
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host", "via"))
    return here and not forwarded and request.url.hostname in LOOPBACK_HOSTS


def signed_in(request: Request, done: SignIn, then: str, settings: SessionSettings) -> Response:
    """On to the page that was wanted, with the session in the browser. The cookie's name says to it that no other host and no
    plain line may set it."""
    assert done.secret is not None
    response = RedirectResponse(then, status_code=303)
    lasts_s, secure = int(settings.longest_days * 86_400), request.url.scheme == "https"
    response.set_cookie(
        _cookie(request), done.secret, max_age=lasts_s, path="/", secure=secure, httponly=True, samesite="lax"
    )
    return response


def drop_session(request: Request, response: Response) -> None:
    secure = request.url.scheme == "https"
    response.delete_cookie(_cookie(request), path="/", secure=secure, httponly=True, samesite="lax")


def _cookie(request: Request) -> str:
    return f"__Host-{_NAME}" if request.url.scheme == "https" else _NAME
