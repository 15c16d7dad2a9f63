"""A whole replay: files in, scratch database, result out. Decides how the lines are brought into order and what may go on."""

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import orjson

from hub.config import HubSettings
from hub.replay.errors import CannotWrite, OtherRecording
from hub.replay.lines import Line
from hub.replay.options import BATCH
from hub.replay.order import CHUNK, OutOfOrder, ordered
from hub.replay.parts import Parts, assemble
from hub.replay.progress import Progress
from hub.replay.recording import Complaints, Recording, Say
from hub.replay.results import Words, result
from hub.replay.sorting import sorted_on_disk
from hub.store.inventory import Inventory, read_inventory
from hub.store.scratch import Mark, open_scratch

_HEAD = 65_536
_FORM = 2
"""Of what a kept database holds: one of another form is not gone on with."""
_BATCHES_A_COLLECTION = 30
_WINDOW_MS = 3_600_000
"""So far behind the others may be what a node says: a day's history takes an agent some minutes to forward."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be replayed. `keep`: where the database goes, so that a replay that is stopped can go on."""

    inventory: Path
    recording: Path
    out: Path
    settings: HubSettings
    keep: Path | None = None
    batch: int = BATCH


class Replay:
    """Raises ReplayMistake, InventoryMistake and StoreError, each a line for the operator."""

    def __init__(self, wish: Wish, words: Words, progress: Progress, say: Say) -> None:
        self._wish, self._words, self._progress, self._say = wish, words, progress, say
        self._complaints = Complaints(say)

    def run(self) -> dict[str, Any]:
        """The result, which is also written."""
        begun = perf_counter()
        inventory = read_inventory(self._wish.inventory)
        _check_writable(self._wish.out)
        with ExitStack() as open_things:
            recording = Recording(self._wish.recording, self._complaints)
            open_things.callback(recording.close)
            database = open_things.enter_context(_place(self._wish.keep))
            found, counts = self._replay(inventory, recording, database)
        self._complaints.end()
        found["counts"] = {**counts, "seconds": round(perf_counter() - begun, 3)}
        _write(self._wish.out, found)
        return found

    def _replay(
        self, inventory: Inventory, recording: Recording, database: Path
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        source = _identity(self._wish, recording)
        mark = _read_mark(database, source)
        if not mark.sorted:
            try:
                return self._streamed(inventory, recording, database, mark)
            except OutOfOrder as disorder:
                self._say(f"{disorder}: the recording is sorted on disk first, and the replay begins again")
                _remove(database)
                mark = Mark(source, sorted=True)
        return self._sorted(inventory, recording, database, mark)

    def _streamed(
        self, inventory: Inventory, recording: Recording, database: Path, mark: Mark
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        def played(lines: int) -> None:
            self._progress("replaying", recording.position / max(1, recording.size), lines)

        lines = ordered(recording.lines(), _WINDOW_MS, min(CHUNK, self._wish.batch))
        return self._played(inventory, database, lines, mark, played)

    def _sorted(
        self, inventory: Inventory, recording: Recording, database: Path, mark: Mark
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        total = 0

        def counted() -> Iterator[Line]:
            nonlocal total
            for line in recording.lines():
                total += 1
                if not total % 1000:
                    self._progress("sorting", recording.position / max(1, recording.size), total)
                yield line

        with sorted_on_disk(counted()) as lines:
            return self._played(
                inventory, database, lines, mark, lambda done: self._progress("replaying", done / max(1, total), done)
            )

    def _played(
        self, inventory: Inventory, database: Path, lines: Iterator[Line], mark: Mark, played: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        scratch = open_scratch(database)
        try:
            parts = assemble(scratch, inventory, self._wish.settings, kept=self._wish.keep is not None)
            with _Garbage() as garbage:

                def told(done: int) -> None:
                    garbage.after_batch()
                    played(done)

                mark = parts.player.play(lines, mark, self._wish.batch, told)
            return result(scratch, self._words, mark.newest), self._counts(mark, parts)
        finally:
            scratch.close()

    def _counts(self, mark: Mark, parts: Parts) -> dict[str, Any]:
        return {
            "messages": mark.lines + self._complaints.count,
            "rejected": self._complaints.count + parts.rejected() + parts.player.unheard,
        }


def _read_mark(database: Path, source: str) -> Mark:
    """How far an earlier run has come. Raises OtherRecording."""
    scratch = open_scratch(database)
    try:
        mark = scratch.read_mark()
    finally:
        scratch.close()
    if mark is None:
        return Mark(source)
    if mark.source != source:
        raise OtherRecording(
            f"{database}: was kept of a replay of other files or settings; name a new file with --keep, or remove it"
        )
    return mark


def _identity(wish: Wish, recording: Recording) -> str:
    """What the mark of a kept database must stand for."""
    digest = hashlib.sha256(wish.inventory.read_bytes())
    with wish.recording.open("rb") as file:
        digest.update(file.read(_HEAD))
    settings = wish.settings
    digest.update(repr((_FORM, recording.size, settings.detection, settings.calendar)).encode())
    return digest.hexdigest()


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with TemporaryDirectory(prefix="dltv-replay-") as directory:
        yield Path(directory) / "replay.db"


class _Garbage:
    """Reports come and go by the million and hold no cycles: looking for those all the time would cost a tenth of it."""

    def __init__(self) -> None:
        self._batches = 0

    def __enter__(self) -> "_Garbage":
        gc.freeze()
        gc.disable()
        return self

    def __exit__(self, *_: object) -> None:
        gc.enable()
        gc.unfreeze()

    def after_batch(self) -> None:
        self._batches += 1
        if not self._batches % _BATCHES_A_COLLECTION:
            gc.collect()


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _check_writable(out: Path) -> None:
    """Before hours of work. Raises CannotWrite."""
    if out.is_dir() or not out.parent.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        raise CannotWrite(
            f"{out}: the result cannot be written there; name a file in a directory that is there with --out"
        )


def _write(out: Path, found: dict[str, Any]) -> None:
    """Whole or not at all."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        unfinished.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        unfinished.replace(out)
    except OSError as error:
        raise CannotWrite(f"{out}: the result cannot be written ({error.strerror})") from None
