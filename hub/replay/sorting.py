"""Sorts lines that do not fit in memory: runs of them, each sorted, in one temporary directory, merged while they are read."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import merge
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from hub.replay.lines import Line, read

_RUN = 50_000
_RUNS_AT_ONCE = 64
"""So many files are open together; more are merged into one first."""


@contextmanager
def sorted_on_disk(lines: Iterable[Line], run: int = _RUN) -> Iterator[Iterator[Line]]:
    """All lines, in order. The temporary files go with the block."""
    with TemporaryDirectory(prefix="dltv-replay-") as directory, ExitStack() as files:
        runs: list[Path] = []
        lines = iter(lines)
        count = 0
        while chunk := list(islice(lines, run)):
            chunk.sort()
            count += 1
            runs.append(_write(Path(directory) / str(count), chunk))
            if len(runs) == _RUNS_AT_ONCE:
                count += 1
                runs = [_merged(Path(directory) / str(count), runs)]
        yield merge(*(_read(files.enter_context(path.open("rb"))) for path in runs))


def _merged(path: Path, runs: list[Path]) -> Path:
    with ExitStack() as files:
        _write(path, merge(*(_read(files.enter_context(each.open("rb"))) for each in runs)))
    for each in runs:
        each.unlink()
    return path


def _write(path: Path, lines: Iterable[Line]) -> Path:
    with path.open("wb", buffering=1024 * 1024) as file:
        file.writelines(b"%d %d %b\n" % (line.at, line.number, line.data) for line in lines)
    return path


def _read(file: BinaryIO) -> Iterator[Line]:
    for row in file:
        at, number, data = row[:-1].split(b" ", 2)
        said = read(data)
        yield Line(int(at), said.node, int(number), said, data)
