"""The next reports of journals: asked for those of one, the database is asked for many journals' at once."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

_AT_ONCE = 16_000
"""Reports of all journals in one answer, about."""
_FIRST, _MOST = 25, 1000
"""Of each of them, in the first page and in any. Most of what is not judged yet is too new for it: of live nodes only the first
few are looked at."""
_PLACE = itemgetter(0, 1)
_SQLITE = """
SELECT said.epoch_id, said."offset", said.t, said.body, device."key" FROM json_each(?) AS part
CROSS JOIN report AS said ON said.epoch_id = json_extract(part.value, '$[0]')
AND said."offset" > json_extract(part.value, '$[1]') AND said."offset" <= json_extract(part.value, '$[2]')
CROSS JOIN device ON device.id = said.device_id
"""
# Each journal by itself, with a limit: so that the way there is the key, whatever the server knows of the table.
_POSTGRESQL = """
SELECT said.epoch_id, said."offset", said.t, said.body, device."key"
FROM unnest(%s::BIGINT[], %s::BIGINT[], %s::BIGINT[]) AS part (epoch_id, after, upto)
CROSS JOIN LATERAL (
    SELECT * FROM report WHERE report.epoch_id = part.epoch_id
    AND report."offset" > part.after AND report."offset" <= part.upto ORDER BY report."offset" LIMIT %s
) AS said JOIN device ON device.id = said.device_id
"""


class Part(NamedTuple):
    """The reports of a journal after one offset, up to another."""

    epoch_id: int
    after: int
    upto: int


Told = Sequence[tuple[int, int, int, bytes, str]]
"""In the order of the journal: its id, offset, time, body and the key of the device."""


class JournalPages:
    """On a connection that sees one state of the database. `order`: ids of journals as they are going to be asked for."""

    def __init__(self, connection: Connection, order: Sequence[int]) -> None:
        self._connection, self._order = connection, order
        self._place = {epoch_id: place for place, epoch_id in enumerate(order)}
        self._read: dict[int, tuple[Part, Told]] = {}

    def of(self, epoch_id: int, part_of: Callable[[int], Part]) -> Iterator[Told]:
        """What is told there, page by page. `part_of`: what of each journal is wanted now."""
        whole, most = part_of(epoch_id), _FIRST
        after = whole.after
        while after < whole.upto:
            page = _page(whole._replace(after=after), most)
            if after == whole.after:
                yield self._begun(page, part_of)
            else:
                yield self._fetched([page])
            after, most = page.upto, min(_MOST, 2 * most)

    def _begun(self, page: Part, part_of: Callable[[int], Part]) -> Told:
        """The first page; those of the journals that come next are read with it."""
        known = self._read.pop(page.epoch_id, None)
        if known is not None and known[0] == page:
            return known[1]
        place = self._place[page.epoch_id]
        near = self._order[place : place + _AT_ONCE // _FIRST]
        parts = {each: _page(part_of(each), _FIRST) for each in near}
        told: dict[int, list[Any]] = {each: [] for each in parts}
        for row in self._fetched([each for each in parts.values() if each.after < each.upto]):
            told[row[0]].append(row)
        self._read |= {each: (parts[each], rows) for each, rows in told.items()}
        return self._read.pop(page.epoch_id)[1]

    def _fetched(self, parts: Sequence[Part]) -> Told:
        if self._connection.dialect.name == "postgresql":
            columns = tuple(map(list, zip(*parts, strict=True)))
            found: Any = self._connection.exec_driver_sql(_POSTGRESQL, (*columns, _MOST)).all()
        else:
            found = self._connection.exec_driver_sql(_SQLITE, (orjson.dumps(list(map(tuple, parts))).decode(),)).all()
        found.sort(key=_PLACE)
        told: Told = found
        return told


def _page(part: Part, most: int) -> Part:
    return part._replace(upto=min(part.upto, part.after + most))
