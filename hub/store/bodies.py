"""The body of a stored report: its samples in the Sparkplug encoding, with ids of `metric` rows as aliases.

Decides nothing about which reports there are; intake.py writes them, others read them.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from hub.core.reports import Sample
from hub.store.tables import metric
from wire.metrics import DataType, Metric, typed
from wire.payloads import decode, encode

MetricNames = Mapping[int, tuple[str, DataType]]
"""Name and datatype of each `metric` row by its id."""


def metric_names(connection: Connection) -> dict[int, tuple[str, DataType]]:
    """All metric rows. They are only ever added: an id that is not in here is newer than the answer."""
    rows = connection.execute(select(metric.c.id, metric.c.name, metric.c.datatype))
    return {row.id: (row.name, DataType(row.datatype)) for row in rows}


def pack(samples: Mapping[str, Sample], id_of: Callable[[str, DataType], int]) -> bytes:
    """The body that holds `samples`."""
    return encode(
        [
            Metric(None, sample.value, sample.datatype, timestamp=sample.t, alias=id_of(name, sample.datatype))
            for name, sample in samples.items()
        ],
        timestamp=None,
        datatypes=False,
    )


def unpack(body: bytes, names: MetricNames) -> dict[str, Sample]:
    """The samples in `body`. Raises KeyError for a metric that is not in `names`: they have to be read again."""
    samples = {}
    for each in decode(body).metrics:
        name, datatype = names[each.alias or 0]
        samples[name] = Sample(typed(each.value, datatype), datatype, each.timestamp)
    return samples
