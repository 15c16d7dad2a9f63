"""What each table takes, with its indexes, and what of it are reports: how many values, since when, and how much of it is old."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, table, text

from hub.store.bodies import count_values
from hub.store.chunk_tables import report_chunk
from hub.store.tables import report

_SAMPLE = 100_000
_OF_SQLITE = text(
    "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
    " WHERE s.aggregate = TRUE GROUP BY m.tbl_name"
)
_OF_POSTGRESQL = text(
    "SELECT c.relname, coalesce((SELECT sum(pg_total_relation_size(p.relid)) FROM pg_partition_tree(c.oid) p),"
    " pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
)


@dataclass(frozen=True, slots=True)
class TableSize:
    """bytes: with all indexes; values: how many stand in it, where it holds reports."""

    name: str
    rows: int
    bytes: int
    values: int | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """tables       the largest first
    since        ms of the oldest report; None without any
    old_reports  how many are older than what is kept, and `old_bytes` what their chunks take
    free         bytes in the file that nothing takes, and that will be used again
    """

    tables: tuple[TableSize, ...]
    since: int | None
    old_reports: int
    old_bytes: int
    free: int

    @property
    def values(self) -> int:
        return sum(each.values or 0 for each in self.tables)

    @property
    def bytes_of_values(self) -> int:
        return sum(each.bytes for each in self.tables if each.values is not None)


def sizes_of(connection: Connection, before: int) -> Sizes:
    """before: ms; older reports are not kept."""
    taken = _bytes(connection)
    values = {report.name: _values_in_rows(connection), report_chunk.name: _values_in_chunks(connection)}
    names = [name for name in inspect(connection).get_table_names() if name in taken]
    found = [TableSize(name, _count(connection, name), taken[name], values.get(name)) for name in names]
    old = report_chunk.c.until < before
    reports, weight = connection.execute(
        select(func.sum(report_chunk.c.reports), func.sum(func.length(report_chunk.c.body))).where(old)
    ).one()
    return Sizes(
        tables=tuple(sorted(found, key=lambda each: (-each.bytes, each.name))),
        since=_since(connection),
        old_reports=int(reports or 0),
        old_bytes=int(weight or 0),
        free=_free(connection),
    )


def _bytes(connection: Connection) -> Mapping[str, int]:
    statement = _OF_POSTGRESQL if connection.dialect.name == "postgresql" else _OF_SQLITE
    return {name: int(size) for name, size in connection.execute(statement)}


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def _values_in_rows(connection: Connection) -> int:
    """Of many rows, as if the others said as much as the first."""
    looked = told = 0
    for (body,) in connection.execute(select(report.c.body).limit(_SAMPLE).execution_options(yield_per=1000)):
        looked, told = looked + 1, told + count_values(body)
    if looked < _SAMPLE:
        return told
    return round(told / looked * _count(connection, report.name))


def _values_in_chunks(connection: Connection) -> int:
    return int(connection.execute(select(func.sum(report_chunk.c.told))).scalar() or 0)


def _since(connection: Connection) -> int | None:
    oldest = [connection.execute(select(func.min(column))).scalar() for column in (report.c.t, report_chunk.c.since)]
    return min((int(each) for each in oldest if each is not None), default=None)


def _free(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return 0
    pages, size = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("freelist_count", "page_size"))
    return int(pages) * int(size)
