"""Long work beside people who wait for pages: it rests between its steps, as long as each took.

Threads of Python take turns of a few milliseconds: beside one that works without a rest a page takes twice its time.
"""

import time

_STEP_S = 0.003
_LONGEST_S = 0.02
"""A step that waited for others, such as the database, need not be made up for."""


class Gently:
    """Made when the work begins, of one thread."""

    def __init__(self) -> None:
        self._before = 0.0
        self._since = time.perf_counter()

    @property
    def worked_s(self) -> float:
        """Without the rests."""
        return self._before + time.perf_counter() - self._since

    def rest(self) -> None:
        """Between two steps: nothing where they were short."""
        spent = time.perf_counter() - self._since
        if spent < _STEP_S:
            return
        self._before += spent
        time.sleep(min(spent, _LONGEST_S))
        self._since = time.perf_counter()
