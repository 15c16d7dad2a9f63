"""Stored reports, read back: one after another for the API, metric by metric for the charts."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOLDS_MS, number_of
from hub.core.thinning import Point, thin, with_gaps
from hub.core.views import ReportView, SeriesView
from hub.store.bodies import MetricNames, metric_names, unpack
from hub.store.kept_reports import next_told, told_between
from hub.store.long_series import long_series_of
from hub.store.spans import Span
from hub.store.tables import device, epoch, node
from wire.metrics import Value


def reports_of(
    connection: Connection, key: NodeKey, uuid: str | None, first: int, limit: int
) -> tuple[ReportView, ...]:
    """Reports of one journal, the node's newest where none is named, in the order of their offsets."""
    journals = select(epoch.c.id, epoch.c.uuid).join(node).where(node.c.group == key.group, node.c.name == key.name)
    journals = journals.order_by(epoch.c.ours, epoch.c.first_seen.desc(), epoch.c.id.desc())
    journal = connection.execute(journals if uuid is None else journals.where(epoch.c.uuid == uuid)).first()
    if journal is None:
        return ()
    told = next_told(connection, journal.id, first - 1, limit)
    # Read after the reports, so that no report can hold a metric or be of a device that is not in it.
    names, keys = metric_names(connection), _keys(connection, key)
    return tuple(
        ReportView(journal.uuid, each.offset, keys[each.device], each.t, _values(each.body, names)) for each in told
    )


def series_of(connection: Connection, key: DeviceKey, metrics: Sequence[str], span: Span) -> tuple[SeriesView, ...]:
    """The metrics of a device over time: from hours where the span is long."""
    if span.is_long:
        return long_series_of(connection, key, metrics, span)
    names = metric_names(connection)
    curves: dict[str, list[Point]] = {name: [] for name in metrics}
    for at, body in _bodies(connection, key, span):
        for name, sample in unpack(body, names).items():
            if name in curves:
                curves[name].append((at if sample.t is None else sample.t, number_of(sample.value)))
    return tuple(SeriesView(name, _curve(found, span)) for name, found in curves.items())


def _values(body: bytes, names: MetricNames) -> Mapping[str, Value]:
    return {name: sample.value for name, sample in unpack(body, names).items()}


def _bodies(connection: Connection, key: DeviceKey, span: Span) -> Iterator[tuple[int, bytes]]:
    owner = connection.execute(
        select(device.c.id)
        .join(node)
        .where(node.c.group == key.node.group, node.c.name == key.node.name, device.c.key == key.device)
    ).scalar()
    if owner is not None:
        for each in told_between(connection, owner, span.since, span.until + 1):
            yield each.t, each.body


def _keys(connection: Connection, key: NodeKey) -> Mapping[int, str]:
    """Of a node's devices, by their ids."""
    mine = select(device.c.id, device.c.key).join(node).where(node.c.group == key.group, node.c.name == key.name)
    return {row.id: row.key for row in connection.execute(mine)}


def _curve(found: list[Point], span: Span) -> tuple[Point, ...]:
    # A gap that is narrower than what one point stands for could not be seen.
    longest = max(HOLDS_MS, (span.until - span.since) // span.points)
    ordered = sorted(found, key=lambda point: point[0])
    return tuple(thin(with_gaps(ordered, longest), span.since, span.until, span.points))
