"""Lists that are read whole: found by words, put in an order, and told as a file, the same on each page.

What the store cuts and orders by itself (tickets, requests, assets) asks it; the words of the orders are the same:
`order.<name>` of the catalogues, and the macro `finder` offers them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from hub.core.spelling import holds, in_order
from hub.web.figures import Figures
from hub.web.listed import Listed, listed_file
from hub.web.site import Site
from hub.web.table_pages import Cell

T = TypeVar("T")
LONGEST = 100
"""Letters of what is searched."""


class Arranging(NamedTuple):
    """What a reader asks of a list. order: one that the list has, else its usual one"""

    q: str = ""
    order: str = ""


class Found(NamedTuple, Generic[T]):
    """What a list shows, for `finder` and `files`. order: the one in which it stands; orders: all that it has"""

    lines: Sequence[T]
    q: str
    order: str
    orders: Sequence[str]

    @property
    def asked(self) -> dict[str, str]:
        """For addresses that go on with it."""
        return {"q": self.q, "order": self.order}


@dataclass(frozen=True)
class Listing(Generic[T]):
    """What a list of a page offers.

    name     of its file and its columns in the catalogues
    orders   what each order sorts by; the first is the usual one
    words    of a line, in which is searched
    columns  of the file, and what a line tells in each
    """

    name: str
    orders: Mapping[str, Callable[[T], Any]]
    words: Callable[[T], Iterable[str | None]]
    columns: Mapping[str, Callable[[T], Cell]]

    def found(self, lines: Iterable[T], asked: Arranging) -> Found[T]:
        """Lines that are alike in an order stay as they came."""
        order = asked.order if asked.order in self.orders else next(iter(self.orders))
        kept = [line for line in lines if holds(asked.q, self.words(line))] if asked.q else list(lines)
        return Found(sorted(kept, key=self.orders[order]), asked.q, order, tuple(self.orders))

    def file(self, site: Site, request: Request, kind: str, found: Found[T]) -> Response:
        """Raises Problem where no such kind of file is made."""
        rows = ([told(line) for told in self.columns.values()] for line in found.lines)
        return listed_file(site, request, kind, Listed(self.name, tuple(self.columns), rows))


async def arranging(
    q: Annotated[str, Query(max_length=LONGEST)] = "", order: Annotated[str, Query(max_length=20)] = ""
) -> Arranging:
    """Asynchronous, for it waits for nothing: else a thread would be asked to do it."""
    return Arranging(q.strip(), order)


Asked = Annotated[Arranging, Depends(arranging)]
"""As a parameter of a route."""


def at(figures: Figures, t: int | None) -> str:
    """A time that a spreadsheet sorts: 2026-11-20 13:45, at the place of the schools."""
    return "" if t is None else figures.sortable(t)


def further(order: str, last: int, skip: int) -> dict[str, int]:
    """How an address goes on with a list of the store: by age behind its last number, else by how many were shown."""
    return {"before": last} if order in ("newest", "oldest") else {"skip": skip}


def by_name(*texts: str | None) -> tuple[Any, ...]:
    """To sort by names; what has none comes last."""
    return tuple((not text, in_order(text or "")) for text in texts)


def falling(value: float | None) -> tuple[bool, float]:
    """To sort the greatest first; what is not known comes last."""
    return value is None, -(value or 0)


def rising(value: float | None) -> tuple[bool, float]:
    """To sort the smallest first; what is not known comes last."""
    return value is None, value or 0
