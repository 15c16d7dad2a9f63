"""The agent's own word on its health, as it leaves it in its state folder. What is no such word counts as none."""

from pathlib import Path

from provisioning.ports import Files
from wire.errors import HandoffError
from wire.handoff import HEALTH, Health


class StateFolder:
    def __init__(self, folder: Path, files: Files) -> None:
        self._folder, self._files = folder, files

    def health(self) -> Health | None:
        try:
            return Health.read(self._folder)
        except (HandoffError, OSError):
            return None

    def forget_health(self) -> None:
        self._files.remove(self._folder / HEALTH)
