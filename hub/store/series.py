"""Stored reports, read back: one after another for the API, metric by metric for the charts."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOLDS_MS, number_of
from hub.core.thinning import Point, thin, with_gaps
from hub.core.views import ReportView, SeriesView
from hub.store.bodies import MetricNames, metric_names, unpack
from hub.store.long_series import long_series_of
from hub.store.spans import Span
from hub.store.tables import device, epoch, node, report
from wire.metrics import Value

_FETCH = 1000


def reports_of(
    connection: Connection, key: NodeKey, uuid: str | None, first: int, limit: int
) -> tuple[ReportView, ...]:
    """Reports of one journal, the node's newest where none is named, in the order of their offsets."""
    journals = select(epoch.c.id, epoch.c.uuid).join(node).where(node.c.group == key.group, node.c.name == key.name)
    journals = journals.order_by(epoch.c.ours, epoch.c.first_seen.desc(), epoch.c.id.desc())
    journal = connection.execute(journals if uuid is None else journals.where(epoch.c.uuid == uuid)).first()
    if journal is None:
        return ()
    rows = connection.execute(
        select(report.c.offset, report.c.t.label("at"), report.c.body, device.c.key)
        .join_from(report, device)
        .where(report.c.epoch_id == journal.id, report.c.offset >= first)
        .order_by(report.c.offset)
        .limit(limit)
    ).all()
    # Read after the reports, so that no report can hold a metric that is not in it.
    names = metric_names(connection)
    return tuple(ReportView(journal.uuid, row.offset, row.key, row.at, _values(row.body, names)) for row in rows)


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
    owner = (
        select(device.c.id)
        .join(node)
        .where(node.c.group == key.node.group, node.c.name == key.node.name, device.c.key == key.device)
    )
    query = (
        select(report.c.t.label("at"), report.c.body)
        .where(report.c.device_id == owner.scalar_subquery(), report.c.t >= span.since, report.c.t <= span.until)
        .order_by(report.c.t)
        .execution_options(yield_per=_FETCH)
    )
    for row in connection.execute(query):
        yield row.at, row.body


def _curve(found: list[Point], span: Span) -> tuple[Point, ...]:
    # A gap that is narrower than what one point stands for could not be seen.
    longest = max(HOLDS_MS, (span.until - span.since) // span.points)
    ordered = sorted(found, key=lambda point: point[0])
    return tuple(thin(with_gaps(ordered, longest), span.since, span.until, span.points))
