"""What every request of a device passes first: not too many of them, and none that keeps us waiting. Plain ASGI.

Throttle    how often an address may ask of the API; files are only limited by the line
Mended      a crash is an answer
"""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.devices.answers import on_crash, refusal
from provisioning.core.contract import MAX_BODY_BYTES, ContractError, ErrorCode

_BODY_WITHIN_S = 15.0


class Throttle:
    """`may_ask` tells for each address."""

    def __init__(self, app: ASGIApp, may_ask: Callable[[str], bool], below: str) -> None:
        self._app, self._may_ask, self._below = app, may_ask, below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self._below) and not self._may_ask(address(scope)):
            answer = refusal(ErrorCode.TOO_MANY_TRIES, "too many requests; try again later")
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Mended:
    """Nothing of a crash is shown, and the answer has the shape of any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as crash:
            if begun or scope["type"] != "http":
                raise
            await on_crash(Request(scope), crash)(scope, receive, send)


def address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def body_of(request: Request) -> bytes:
    """All of it. Raises ContractError where it is too large, or does not come."""
    try:
        async with asyncio.timeout(_BODY_WITHIN_S):
            return await _read(request)
    except TimeoutError:
        raise ContractError("the request did not come in time") from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ContractError(f"longer than {MAX_BODY_BYTES} bytes", ErrorCode.TOO_LARGE)
    return bytes(body)
