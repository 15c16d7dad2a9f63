"""Which lines of a plan a page shows: those of a whole district are too many for one, each with its forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from hub.allocation.lines import Line
from hub.allocation.rounds import RoundView

AT_ONCE = 25
_LONGEST, _MOST_DIGITS = 80, 15


@dataclass(frozen=True, slots=True)
class Asked:
    """q: words that a line has; skip: lines before the first; line: one that has to be there, wherever it stands"""

    q: str = ""
    skip: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """found: how many lines there are to page through"""

    lines: Sequence[Line]
    found: int
    q: str = ""
    skip: int = 0

    @property
    def last(self) -> int:
        return self.skip + len(self.lines)

    @property
    def here(self) -> str:
        """What its forms come back to."""
        return self._query(self.skip)

    @property
    def before(self) -> str | None:
        return self._query(max(0, self.skip - AT_ONCE)) if self.skip else None

    @property
    def after(self) -> str | None:
        return self._query(self.last) if self.last < self.found else None

    def _query(self, skip: int) -> str:
        said = {name: value for name, value in (("q", self.q), ("skip", skip)) if value}
        return f"?{urlencode(said)}" if said else ""


def asked_of(given: Mapping[str, str]) -> Asked:
    return Asked(" ".join(given.get("q", "").split())[:_LONGEST], _whole(given, "skip"), _whole(given, "line"))


def leaf_of(view: RoundView, asked: Asked, kind_of: Callable[[str], str]) -> Leaf:
    """kind_of: the word for a kind"""
    words = asked.q.casefold()
    found = [line for line in view.lines if words in _said_of(line, view, kind_of)]
    if asked.line and asked.line not in {line.id for line in found}:
        found, words = list(view.lines), ""
    places = {line.id: at for at, line in enumerate(found)}
    skip = places.get(asked.line, min(asked.skip, max(0, len(found) - 1)))
    skip -= skip % AT_ONCE
    return Leaf(found[skip : skip + AT_ONCE], len(found), asked.q if words else "", skip)


def _said_of(line: Line, view: RoundView, kind_of: Callable[[str], str]) -> str:
    name = view.names.get((line.group, line.school), "")
    return " ".join((name, line.school, kind_of(line.kind), line.what, line.order or "")).casefold()


def _whole(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
