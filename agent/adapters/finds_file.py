"""Keeps what was found beside the journal. A file that is lost or wrong costs the keys of finds, nothing else."""

import logging
from contextlib import suppress
from pathlib import Path

from agent.core.finds import Finds

log = logging.getLogger(__name__)

NAME = "found.json"
MAX_BYTES = 200_000


class FindsFile:
    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def read(self) -> Finds:
        try:
            with self._file.open("rb") as file:
                return Finds.of_text(file.read(MAX_BYTES).decode("utf-8", "replace"))
        except FileNotFoundError:
            return Finds()
        except OSError as error:
            log.warning("%s: cannot be read: %s", self._file, error.strerror)
            return Finds()

    def keep(self, finds: Finds) -> None:
        """The old file or the whole new one."""
        draft = self._file.with_suffix(".new")
        try:
            draft.write_text(finds.as_text(), "utf-8")
            draft.replace(self._file)
        except OSError as error:
            log.warning(
                "%s: cannot be written: %s; found equipment may be named anew later", self._file, error.strerror
            )
            with suppress(OSError):
                draft.unlink(missing_ok=True)
