"""A witness beside the journal: the highest offset that anybody was told, so that none is told again with other content.

SQLite takes a damaged or shortened write-ahead log for one that ends earlier, and says nothing: the journal has then gone
back, and would give the same offsets again. The witness is written after the journal's own fsync and before publishing: it
never runs ahead of the journal. It has no fsync of its own, which spares the memory card: one that is missing, empty or
behind proves nothing. One that holds something else was damaged, and so perhaps was what stands beside it.
"""

import logging
from pathlib import Path
from zlib import crc32

log = logging.getLogger(__name__)

FILE_NAME = "journal.told"


class JournalWitness:
    """One file: epoch, offset and a checksum, overwritten in place."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self.damaged = False
        self._epoch, self._offset = self._read()

    def told(self, epoch: str) -> int:
        """The highest offset of this epoch that was told, as far as is known."""
        return self._offset if epoch == self._epoch else 0

    def tell(self, epoch: str, offset: int) -> None:
        """This offset is about to be told."""
        if offset <= self.told(epoch):
            return
        self._epoch, self._offset = epoch, offset
        try:
            with self._path.open("r+b" if self._path.exists() else "w+b", buffering=0) as file:
                file.write(_line(epoch, offset))
                file.truncate()
        except OSError as error:
            log.debug("%s: %s", self._path, error)

    def forget(self) -> None:
        """A new epoch begins: nothing of it was told."""
        self._epoch, self._offset, self.damaged = "", 0, False
        self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[str, int]:
        try:
            line = self._path.read_bytes()[:200]
        except OSError:
            return "", 0
        try:
            epoch, offset, _ = line.decode("ascii").split()
            if line == _line(epoch, int(offset)):
                return epoch, int(offset)
        except ValueError:
            pass
        self.damaged = bool(line.strip(b"\0"))
        return "", 0


def _line(epoch: str, offset: int) -> bytes:
    text = f"{epoch} {offset:020d}"
    return f"{text} {crc32(text.encode()):08x}\n".encode()
