"""The signed repository as devices fetch it: files as they are. What they are worth, their signatures tell."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

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
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def check_config(self) -> None:
        """Before the first release there is no folder, which is no mistake."""
