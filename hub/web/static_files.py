"""Files that never change under one address: the address carries their version, so browsers may keep them for good."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOR_EVER = "public, max-age=31536000, immutable"


class LastingFiles(StaticFiles):
    """Static files; with `?v=` in the address they are immutable, without it they are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOR_EVER if versioned else "no-cache"
        return response
