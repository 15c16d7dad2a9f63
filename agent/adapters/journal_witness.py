"""A witness beside the journal: the highest offset that was given, so that none is given again to another report.

SQLite takes a damaged or shortened write-ahead log for one that ends earlier, and says nothing: the journal has then gone
back, and would give the same offsets again. The witness is written after the journal's own fsync and before publishing: it
never runs ahead of the journal. It has no fsync of its own, which spares the memory card: one that is missing, empty or
behind proves nothing. One that holds something else was damaged, and so perhaps was what stands beside it.

The file names the epoch, and an offset at its beginning and at an orderly end. In between the offset stands in an attribute of
the file, where the file system has such: that is kept with the file's own record, and spares a block of the card at each commit.
"""

import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

log = logging.getLogger(__name__)

FILE_NAME = "journal.told"
ATTRIBUTE = "user.told"


@dataclass(frozen=True, slots=True)
class Told:
    """The highest offset that was given in a journal, as far as is known. Without an epoch nothing is known."""

    epoch: str = ""
    offset: int = 0


class JournalWitness:
    """One file: epoch, offset and a checksum, overwritten in place; and a higher offset in its attribute."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self.damaged = False
        self.last = self._written = self._read()
        if self.last.epoch:
            self.last = self._noted(self.last)

    def told(self, epoch: str) -> int:
        """The highest offset of this epoch that was given, as far as is known."""
        return self.last.offset if epoch == self.last.epoch else 0

    def tell(self, epoch: str, offset: int) -> None:
        """This offset is given."""
        if offset <= self.told(epoch):
            return
        self.last = Told(epoch, offset)
        if self._written.epoch != epoch or not self._note():
            self._write()

    def close(self) -> None:
        """Nothing is told for a while. Whoever copies the file may leave its attribute behind."""
        if self._written != self.last:
            self._write()

    def begin(self, epoch: str, offset: int) -> None:
        """Another journal stands beside it from now on: whatever it said before holds no more. Durable. Raises OSError."""
        self.last, self.damaged = Told(epoch, offset), False
        self._forget()
        with self._path.open("wb") as file:
            file.write(_line(self.last))
            file.flush()
            os.fsync(file.fileno())
        self._written = self.last

    def _write(self) -> None:
        """In place. What was noted goes before what it belongs to: a witness that is behind proves nothing wrong."""
        self._forget()
        try:
            with self._path.open("r+b" if self._path.exists() else "w+b", buffering=0) as file:
                file.write(_line(self.last))
                file.truncate()
        except OSError as error:
            log.debug("%s: %s", self._path, error)
        else:
            self._written = self.last

    def _note(self) -> bool:
        """False where there are no attributes."""
        if sys.platform != "linux":
            return False
        try:
            os.setxattr(self._path, ATTRIBUTE, _note(self.last))
        except OSError:
            return False
        return True

    def _forget(self) -> None:
        if sys.platform == "linux":
            with suppress(OSError):
                os.removexattr(self._path, ATTRIBUTE)

    def _noted(self, written: Told) -> Told:
        """What the attribute knows of the epoch that the file names."""
        try:
            note = os.getxattr(self._path, ATTRIBUTE) if sys.platform == "linux" else b""
        except OSError:
            return written
        with suppress(ValueError):
            told = Told(written.epoch, int(note.split()[0])) if note else written
            if not note or note == _note(told):
                return max(told, written, key=lambda each: each.offset)
        self.damaged = True
        return Told()

    def _read(self) -> Told:
        try:
            line = self._path.read_bytes()[:200]
        except OSError:
            return Told()
        try:
            epoch, offset, _ = line.decode("ascii").split()
            told = Told(epoch, int(offset))
            if line == _line(told):
                return told
        except ValueError:
            pass
        self.damaged = bool(line.strip(b"\0"))
        return Told()


def _line(told: Told) -> bytes:
    text = f"{told.epoch} {told.offset:020d}"
    return f"{text} {crc32(text.encode()):08x}\n".encode()


def _note(told: Told) -> bytes:
    """Short, so that it has room beside the file's record; its checksum is over the epoch, too."""
    return f"{told.offset} {crc32(f'{told.epoch} {told.offset}'.encode()):08x}".encode()
