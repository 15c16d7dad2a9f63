"""What every request has to pass before it reaches a route, and the headers that every answer carries. Plain ASGI.

HostGuard    the server is called by a name it knows: a web site cannot reach it by DNS rebinding
OriginGuard  what changes something comes from our own pages, or from a program that says so
BodyLimit    nobody sends more than is needed
Headers      the browser loads nothing from elsewhere and shows us in nobody's frame
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.failures import Problem, answer

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:{images}",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY.format(images=""),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE = {"GET", "HEAD", "OPTIONS"}
_YEAR_S = 365 * 86_400


class SecurityHeaders:
    """images: the one other server that pages may load pictures from, such as that of the map's tiles."""

    def __init__(self, app: ASGIApp, images: str | None = None) -> None:
        self._app = app
        policy = _POLICY.format(images=f" {images}" if images else "")
        self._headers = {**SECURITY_HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
            await send(message)

        await self._app(scope, receive, with_headers)


class HostGuard:
    """Lets through requests to the names in `allowed`; None allows any."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str] | None) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_called_right(scope):
            names = ", ".join(sorted(self._allowed or ())) or "its own name or address"
            problem = Problem(
                421,
                "wrong-host",
                "This server is not called by that name.",
                field="Host",
                way_out=f"call it by one of: {names}",
            )
            # Nothing else of the request is looked at: what its own address is would be made of that name.
            await answer(Request({**scope, "headers": []}), problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_called_right(self, scope: Scope) -> bool:
        """A name that is none is nobody's, also where any is allowed."""
        try:
            parts = urlsplit(f"//{Headers(scope=scope).get('host', '')}")
            name, _ = parts.hostname, parts.port
        except ValueError:
            return False
        return self._allowed is None or name in self._allowed


class OriginGuard:
    """Refuses changes that another site's page could have sent with this reader's browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not _is_ours(Headers(scope=scope)):
            problem = Problem(
                403,
                "wrong-origin",
                "A change has to come from this hub's own pages, or from a program that says so.",
                field="Origin",
                way_out="send JSON with the header X-Requested-With",
            )
            await answer(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_ours(headers: Headers) -> bool:
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    if "origin" in headers:
        return headers["origin"].partition("://")[2] == headers.get("host")
    # No browser lets a foreign page send this header without asking us first, and we never allow it.
    is_json = headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    return is_json and "x-requested-with" in headers


class BodyLimit:
    """Ends a request whose body is larger than `most` bytes, or than what is said for its path in `larger`.

    A path there that ends in a slash stands for all that begin with it.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._most, self._larger = most, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        most = self._most_for(scope["path"])
        if not declared.isdecimal() or int(declared) > most:
            await answer(Request(scope), _too_large(most))(scope, receive, send)
            return
        await self._counted(most, scope, receive, send)

    def _most_for(self, path: str) -> int:
        said = (
            most for key, most in self._larger.items() if path == key or (key.endswith("/") and path.startswith(key))
        )
        return next(said, self._most)

    async def _counted(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        """For a body of undeclared length: what is too much is cut off, and the route sees a client that went away."""
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return {"type": "http.disconnect"} if received > most else message

        await self._app(scope, counting, send)


def _too_large(most: int) -> Problem:
    return Problem(413, "too-large", "The request is too large.", field="body", way_out=f"send at most {most} bytes")
