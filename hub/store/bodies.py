"""The body of a stored report: its samples as compact JSON, [[metric, value], …]; [metric, value, t] for one of another time.

`metric` is the id of a row of that table, which knows name and datatype. Decides nothing about which reports there are;
intake.py writes them, others read them.
"""

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, select

from hub.core.reports import Sample
from hub.store.errors import UnreadableBody
from hub.store.tables import metric
from wire.metrics import DataType

_new = tuple.__new__
"""Makes a named tuple of a tuple: millions are made of what stands in bodies."""
MetricNames = Mapping[int, tuple[str, DataType]]
"""Name and datatype of each `metric` row by its id."""


def metric_names(connection: Connection) -> dict[int, tuple[str, DataType]]:
    """All metric rows. They are only ever added: an id that is not in here is newer than the answer."""
    rows = connection.execute(select(metric.c.id, metric.c.name, metric.c.datatype))
    return {row.id: (row.name, DataType(row.datatype)) for row in rows}


def pack(samples: Mapping[str, Sample], ids: Mapping[tuple[str, DataType], int]) -> bytes:
    """The body that holds `samples`. Raises KeyError for a metric that is not in `ids`."""
    return orjson.dumps(
        [
            (ids[name, datatype], value) if t is None else (ids[name, datatype], value, t)
            for name, (value, datatype, t) in samples.items()
        ]
    )


def unpack(body: bytes, names: MetricNames) -> dict[str, Sample]:
    """The samples in `body`. Raises UnreadableBody, also for a metric that is not in `names`."""
    try:
        return {
            (metric := names[each[0]])[0]: _new(Sample, (each[1], metric[1], each[2] if len(each) > 2 else None))
            for each in orjson.loads(body)
        }
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UnreadableBody(f"a report's body cannot be read: {error!r}") from error


def count_values(body: bytes) -> int:
    """How many values stand in `body`; none in one that cannot be read."""
    try:
        return len(orjson.loads(body))
    except (ValueError, TypeError):
        return 0
