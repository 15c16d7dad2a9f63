"""How far a long run has come: a bar on a terminal, elsewhere a line now and then if asked for. And its end by a signal."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

_BAR = 30
_REDRAW_S, _SAY_S = 0.2, 10.0

Progress = Callable[[str, float, int], None]
"""Is told what is done, the share of it that is done (0 to 1), and how many lines that was."""


@dataclass(slots=True)
class Bar:
    """Writes to `out`. `asked`: also where that is no terminal. Raises KeyboardInterrupt where the run was asked to stop."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    asked: bool = False
    _what: str = ""
    _begun: float = 0.0
    _begun_at: float = 0.0
    _told: float = 0.0
    _drawn: bool = False
    _stopped: bool = False

    def __call__(self, what: str, share: float, lines: int | None = None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        now = monotonic()
        if what != self._what:
            self.clear()
            self._what, self._begun, self._begun_at, self._told = what, now, share, 0.0
        terminal = self.out.isatty()
        if now - self._told < (_REDRAW_S if terminal else _SAY_S) or not (terminal or self.asked):
            return
        self._told = now
        words = self._words(share, lines, now - self._begun)
        self.out.write(f"\r{words}\x1b[K" if terminal else f"{words}\n")
        self.out.flush()
        self._drawn = terminal

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the run between two of its steps, so that no transaction is torn; asked twice, at once."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        self.clear()
        print(line, file=self.out, flush=True)

    def clear(self) -> None:
        if self._drawn:
            self.out.write("\r\x1b[K")
            self._drawn = False

    def _words(self, share: float, lines: int | None, passed_s: float) -> str:
        done = round(min(share, 1.0) * _BAR)
        came = share - self._begun_at
        left = f", {_clock(passed_s * (1 - share) / came)} left" if came > 0.01 else ""
        count = "" if lines is None else f"  {lines:,} lines"
        return f"{self._what} [{'#' * done}{'.' * (_BAR - done)}] {share:4.0%}{count}{left}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
