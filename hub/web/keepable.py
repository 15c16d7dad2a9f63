"""Text that every store can keep. Refuses NUL, which PostgreSQL keeps nowhere, and halves of signs, which no encoding has.

Nobody types them; what is in an address, a form or the JSON of a program is looked at before the route sees it.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.requests import ClientDisconnect, Request

from hub.web.failures import UNKEEPABLE, Problem

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""How JSON writes them; as they are it refuses them itself."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


async def require_keepable(request: Request) -> None:
    """Raises Problem that names the field."""
    try:
        await _look(request)
    except ClientDisconnect:
        raise Problem(400, "bad-request", "The request broke off.", way_out="send it whole") from None


async def _look(request: Request) -> None:
    async for field, text in _texts(request):
        if _UNKEEPABLE.search(field) or _UNKEEPABLE.search(text):
            # The field's own name may be what cannot be written.
            shown = "".join(filter(str.isprintable, field))
            await request.close()
            raise Problem(
                400,
                UNKEEPABLE,
                f"{shown}: holds a sign that cannot be kept, such as NUL.",
                field=shown,
                way_out="send it without",
            )


async def _texts(request: Request) -> AsyncIterator[tuple[str, str]]:
    for name, part in request.path_params.items():
        yield name, str(part)
    for pair in request.query_params.multi_items():
        yield pair
    if request.method in _BODILESS:
        return
    if request.headers.get("content-type", "").startswith(_FORMS):
        # The route gets the same form: it is read once.
        for name, sent in (await request.form()).multi_items():
            yield name, sent if isinstance(sent, str) else sent.filename or ""
    elif _ESCAPED.search(body := await request.body()):
        for pair in _of_json(body):
            yield pair


def _of_json(body: bytes) -> Iterator[tuple[str, str]]:
    """Every text in it, with the way there; nothing where it is no JSON, which the route says better."""
    try:
        left: list[tuple[str, Any]] = [("body", json.loads(body))]
    except (ValueError, RecursionError):
        return
    while left:
        way, value = left.pop()
        if isinstance(value, str):
            yield way, value
        elif isinstance(value, dict):
            left += [(f"{way}.{name}".removeprefix("body."), each) for name, each in value.items()]
            yield from ((way, name) for name in value)
        elif isinstance(value, list):
            left += [(f"{way}.{number}".removeprefix("body."), each) for number, each in enumerate(value)]
