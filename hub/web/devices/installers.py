"""Handing out what a computer installs: scripts, and bundles as files. What stands where, others know."""

from collections.abc import Callable
from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def handing_out(take: Callable[[str], bytes | Path | None]) -> ASGIApp:
    """`take` is told a path without the first slash. It raises LookupError where there is nothing yet, and says why."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(scope, take)(scope, receive, send)

    return application


def _answer(scope: Scope, take: Callable[[str], bytes | Path | None]) -> Response:
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("this can only be read\n", 405, {**_HEADERS, "Allow": "GET, HEAD"})
    try:
        found = take(scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/"))
    except LookupError as error:
        return PlainTextResponse(f"{error}\n", 404, _HEADERS)
    if found is None:
        return PlainTextResponse("there is nothing here\n", 404, _HEADERS)
    if isinstance(found, bytes):
        return PlainTextResponse(found, headers=_HEADERS)
    return FileResponse(found, headers=_HEADERS, media_type="application/zip")
