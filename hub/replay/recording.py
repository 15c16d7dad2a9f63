"""A recording on disk, plain or gzipped, line after line. Lines that cannot be read are said, counted and skipped.

Whether it is gzipped is told by its first bytes, not by its name. Memory does not grow with its length.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from hub.replay.errors import CannotRead
from hub.replay.lines import MAX_LINE, Line, Unreadable, read

_GZIP = b"\x1f\x8b"
_BUFFER = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_NAMED = 20
_new = tuple.__new__
"""Makes a named tuple of a tuple, without a look at its fields."""

Say = Callable[[str], None]
"""Tells the operator one line."""


class Complaints:
    """What could not be read: the first lines are named, the others counted. Reading again says nothing twice."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._said_up_to = 0
        self.count = 0

    def begin(self) -> None:
        """The recording is read from its beginning (again)."""
        self.count = 0

    def skip(self, number: int, why: object) -> None:
        self.count += 1
        if self.count <= _NAMED and number > self._said_up_to:
            self._said_up_to = number
            self._say(f"line {number} cannot be read and is skipped: {why}")

    def end(self) -> None:
        """Say the total, where it is more than what was named."""
        if self.count > _NAMED:
            self._say(f"{self.count} lines in all could not be read and were skipped")


class Recording:
    """Can be read more than once."""

    def __init__(self, path: Path, complaints: Complaints) -> None:
        """Raises CannotRead."""
        self._path, self._complaints = path, complaints
        try:
            self._raw: BinaryIO = path.open("rb", buffering=_BUFFER)
            head = self._raw.read(len(_GZIP))
        except OSError as error:
            raise CannotRead(
                f"{path}: the recording cannot be read ({error.strerror}); name the right file with --recording"
            ) from None
        self._zipped = head == _GZIP
        self.size = path.stat().st_size

    @property
    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()

    def lines(self) -> Iterator[Line]:
        """From the beginning, each with its effective arrival."""
        self._complaints.begin()
        newest: dict[str, int] = {}
        for number, data in self._numbered():
            try:
                said = read(data)
            except Unreadable as why:
                self._complaints.skip(number, why)
                continue
            node = said.node
            at = newest.get(node, 0)
            if said.t > at:
                at = newest[node] = said.t
            yield _new(Line, (at, node, number, said, data))

    def _numbered(self) -> Iterator[tuple[int, bytes]]:
        self._raw.seek(0)
        file = io.BufferedReader(gzip.GzipFile(fileobj=self._raw), _BUFFER) if self._zipped else self._raw
        number = 0
        try:
            while data := file.readline(MAX_LINE + 1):
                number += 1
                if len(data) > MAX_LINE:
                    self._complaints.skip(number, f"longer than {MAX_LINE} bytes")
                    _finish_line(file, data)
                elif data := (data.removeprefix(_BOM) if number == 1 else data).strip():
                    yield number, data
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self._complaints.skip(
                number + 1, f"the gzipped file is cut off or spoilt here ({error}); the rest is missing"
            )


def _finish_line(file: BinaryIO | io.BufferedReader, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = file.readline(MAX_LINE)
