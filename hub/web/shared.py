"""Answers that many viewers ask for at the same moment, made once: when something changes, every open overview asks again.

An answer is good for the version that it was asked for; whoever asks names the version that he has seen, so nobody is given
what is older than what he was told of.
"""

import gzip
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from starlette.responses import Response

_KEEP_S = 5.0
_MOST = 64
_LEVEL = 5


@dataclass(frozen=True, slots=True)
class _Made:
    version: int
    at: float
    body: bytes


class SharedAnswers:
    """A few compressed answers. Of several who ask at once, one makes it and the others wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Hashable, _Made] = {}

    def answer(self, key: Hashable, version: int, make: Callable[[], bytes]) -> Response:
        """The answer for `key` at `version`, as a response; made anew when there is none, or it has become old."""
        with self._lock:
            made = self._made.get(key)
            if made is None or made.version < version or time.monotonic() - made.at > _KEEP_S:
                made = self._make(key, version, make)
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": "no-cache",
            "Vary": "Cookie, HX-Request, Accept-Encoding",
        }
        return Response(made.body, media_type="text/html", headers=headers)

    def _make(self, key: Hashable, version: int, make: Callable[[], bytes]) -> _Made:
        if len(self._made) >= _MOST:
            self._made.clear()
        made = _Made(version, time.monotonic(), gzip.compress(make(), _LEVEL))
        self._made[key] = made
        return made
