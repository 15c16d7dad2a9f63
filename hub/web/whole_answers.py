"""What holds for every request: it is marked with what had been told before, and HEAD is answered as GET is, without a body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.live import Live

_WITHOUT_END = frozenset({"/live"})
"""Asked for its head alone, a stream would be opened, and never read."""


class Marked:
    """Writes `seen` into the request's state, before anything is read for the answer: see `Live.mark`."""

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self._app, self._live = app, live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["seen"] = self._live.mark
        await self._app(scope, receive, send)


class Heads:
    """HEAD by way of GET (RFC 9110, 9.3.2): the same gate, status and headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] in _WITHOUT_END:
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, bodiless)
