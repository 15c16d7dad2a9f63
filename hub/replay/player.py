"""Plays lines through ingestion and detection, a batch in a transaction. What was done is marked with it, so that a replay
that was killed goes on where it was.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Protocol

from hub.core.equipment import NodeKey
from hub.replay.lines import Line
from hub.replay.repeats import Repeats
from hub.replay.voices import Told, Voices
from hub.store.put_aside import Lines
from hub.store.scratch import Mark, ScratchStore

Played = Callable[[int], None]
"""Is told after each batch how many lines are done."""


class Ingestion(Protocol):
    """hub.ingestion.service.IngestionService."""

    def feed(self, events: Iterable[Told], now: int) -> None: ...

    def remember(self, events: Iterable[Told]) -> None: ...

    def commit(self, now: int) -> frozenset[NodeKey]: ...


class Judging(Protocol):
    """hub.judging.Judging."""

    def tick(self, now: int, *, listening: bool) -> object: ...

    def finish(self, now: int) -> object: ...


class Player:
    """`now` is the newest effective arrival so far: a replay has no other clock."""

    def __init__(
        self, scratch: ScratchStore, group: str, ingestion: Ingestion, judging: Judging, grace_ms: int
    ) -> None:
        self._scratch, self._ingestion, self._judging, self._grace_ms = scratch, ingestion, judging, grace_ms
        self._voices = Voices(group)
        self._repeats = Repeats(scratch.told_for)

    @property
    def unheard(self) -> int:
        """Lines that no hub would have had: of nodes that went away and were not born again."""
        return self._voices.unheard

    def play(self, lines: Iterator[Line], mark: Mark, batch: int, played: Played) -> Mark:
        """All lines, in their order; those up to the mark were done by an earlier run."""
        first = next(lines, None)
        if first is None:
            return mark
        lines = chain([first], lines)
        # Whoever replays has listened all the time: no node gets a grace at the beginning.
        self._judging.tick(first.at - self._grace_ms, listening=True)
        self._remember(islice(lines, mark.lines), batch, played)
        while chunk := list(islice(lines, batch)):
            mark = self._batch(chunk, mark)
            played(mark.lines)
        self._judging.finish(mark.newest)
        return mark

    def _batch(self, chunk: list[Line], mark: Mark) -> Mark:
        told, lines, repeats = self._told(chunk)
        now = max(mark.newest, chunk[-1].at)
        mark = Mark(mark.source, mark.sorted, mark.lines + len(chunk), now, tuple(repeats))
        self._scratch.mark, self._scratch.lines = mark, lines
        self._ingestion.feed(told, now)
        self._ingestion.commit(now)
        self._repeats.committed()
        self._judging.tick(now, listening=True)
        return mark

    def _told(self, chunk: list[Line]) -> tuple[list[Told], Lines, list[int]]:
        """What the lines say, those that are to be put aside, and the numbers of those that repeat others."""
        told: list[Told] = []
        fresh = Lines()
        repeats: list[int] = []
        for line in chunk:
            if self._repeats.is_one(line):
                repeats.append(line.number)
            else:
                told += self._voices.speak(line)
                fresh.add(line.said.t, line.data)
        return told, fresh, repeats

    def _remember(self, lines: Iterator[Line], batch: int, played: Played) -> None:
        repeats = self._scratch.repeats()
        done = 0
        while chunk := list(islice(lines, batch)):
            for line in chunk:
                self._repeats.learn(line)
            fresh = (line for line in chunk if line.number not in repeats)
            self._ingestion.remember(told for line in fresh for told in self._voices.speak(line))
            done += len(chunk)
            played(done)
