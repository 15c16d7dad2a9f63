"""The signed repository as devices fetch it: files as they are. What they are worth, their signatures tell.

Configurations hold passwords of equipment: each is only for its node, and whether somebody is that node the application's
`state.reads` knows (the desk of the device API). Everything else may be read by anybody.
"""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hub.web.devices.guards import address
from provisioning.core.contract import CONFIGS, LETTER_HEADER, Letter

RELEASES = "/tuf"
_FOLDERS = ("metadata", "targets")


class ReleaseFiles(StaticFiles):
    """Drafts and locks, whose names begin with a dot, are nobody's business. Nothing is kept by who is between."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        parts = Path(path).parts
        if not parts or parts[0] not in _FOLDERS or any(part.startswith(".") for part in parts):
            raise HTTPException(404)
        if (whole := "/".join((RELEASES, *parts))).startswith(CONFIGS.rstrip("/")):
            await run_in_threadpool(_require_reader, Request(scope), whole)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def check_config(self) -> None:
        """Before the first release there is no folder, which is no mistake."""


def _require_reader(request: Request, path: str) -> None:
    """Raises ContractError."""
    letter = Letter.of_header(request.headers.get(LETTER_HEADER, ""))
    request.app.state.reads(letter, path, address(request.scope))
