"""Metrics over long spans, from the hours that are kept; the newest, which are not kept yet, are worked out of reports."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from hub.core.equipment import DeviceKey
from hub.core.hourly import HOUR_MS, Hourly, hours_of, merged
from hub.core.thinning import Point
from hub.core.views import SeriesView
from hub.store.bodies import MetricNames, metric_names
from hub.store.errors import UnreadableBody
from hub.store.hourly_bodies import unpack_hour
from hub.store.hourly_tables import hourly
from hub.store.hours import told_by_each
from hub.store.spans import Span
from hub.store.tables import device, node

log = logging.getLogger(__name__)

_STEPS_H = (1, 2, 3, 4, 6, 8, 12, 24, 48, 168)
_KEPT = (
    select(hourly.c.device_id, hourly.c.hour, hourly.c.body)
    .where(
        hourly.c.device_id.in_(bindparam("devices", expanding=True)),
        hourly.c.hour.between(bindparam("first"), bindparam("last")),
    )
    .order_by(hourly.c.device_id, hourly.c.hour)
)
_SOME = (
    select(hourly.c.device_id, hourly.c.hour, hourly.c.body)
    .where(
        hourly.c.device_id.in_(bindparam("devices", expanding=True)),
        hourly.c.hour.in_(bindparam("hours", expanding=True)),
    )
    .order_by(hourly.c.device_id, hourly.c.hour)
)
_NEWEST = (
    select(hourly.c.device_id, func.max(hourly.c.hour))
    .where(
        hourly.c.device_id.in_(bindparam("devices", expanding=True)),
        hourly.c.hour.between(bindparam("first"), bindparam("last")),
    )
    .group_by(hourly.c.device_id)
)
_FEW = 300
"""Hours that are asked for one by one: the class of a week, of all of which it is a fifth."""
_OWNER = (
    select(device.c.id)
    .join(node)
    .where(node.c.group == bindparam("group"), node.c.name == bindparam("node"), device.c.key == bindparam("key"))
)
_Hours = dict[int, Hourly]


def long_series_of(
    connection: Connection, key: DeviceKey, metrics: Sequence[str], span: Span
) -> tuple[SeriesView, ...]:
    """The metrics of a device by hours, or by steps of several hours; each point stands at its beginning."""
    hours: dict[str, _Hours] = {name: {} for name in metrics}
    owner = connection.execute(_OWNER, {"group": key.node.group, "node": key.node.name, "key": key.device}).scalar()
    if owner is not None:
        hours = hours_known(connection, owner, metrics, span, metric_names(connection))
    return tuple(_view(name, found, span) for name, found in hours.items())


def hours_known(
    connection: Connection,
    owner: int,
    metrics: Sequence[str],
    span: Span,
    names: MetricNames,
    *,
    only: Collection[int] | None = None,
) -> dict[str, dict[int, Hourly]]:
    """By metric the hours of a device (its row id), those of the last moments among them. `only`: no others are kept."""
    return hours_of_each(connection, [owner], metrics, span, names, only=only)[owner]


def hours_of_each(
    connection: Connection,
    owners: Collection[int],
    metrics: Collection[str],
    span: Span,
    names: MetricNames,
    *,
    only: Collection[int] | None = None,
) -> Mapping[int, dict[str, dict[int, Hourly]]]:
    """The same of several devices, in as many queries as of one where all were heard until the same hour."""
    hours: dict[int, dict[str, _Hours]] = {owner: {name: {} for name in metrics} for owner in owners}
    reading = _Reading(connection, span, names, frozenset(metrics), hours, only)
    reading.take_told(reading.take_kept())
    return hours


@dataclass(frozen=True, slots=True)
class _Reading:
    """Puts what is known of devices into `hours`, by device and metric."""

    connection: Connection
    span: Span
    names: MetricNames
    metrics: frozenset[str]
    hours: Mapping[int, dict[str, _Hours]]
    only: Collection[int] | None

    def take_kept(self) -> Mapping[int, int]:
        """Of each the newest hour that is kept, or the last before the span."""
        first, last = self.span.since // HOUR_MS, self.span.until // HOUR_MS
        newest = dict.fromkeys(self.hours, first - 1)
        bounds = {"devices": list(self.hours), "first": first, "last": last}
        few = [hour for hour in self.only or () if first <= hour <= last]
        if self.only is not None and len(few) <= _FEW:
            newest |= {row[0]: row[1] for row in self.connection.execute(_NEWEST, bounds).all()}
            self._unpack(self.connection.execute(_SOME, {"devices": bounds["devices"], "hours": few}).all())
            return newest
        rows = self.connection.execute(_KEPT, bounds).all()
        newest |= {owner: hour for owner, hour, _ in rows}
        self._unpack(rows if self.only is None else [row for row in rows if row[1] in self.only])
        return newest

    def _unpack(self, rows: Iterable[Any]) -> None:
        wanted = {number: name for number, (name, _) in self.names.items() if name in self.metrics}
        for owner, hour, body in rows:
            try:
                for number, each in unpack_hour(body, wanted):
                    self.hours[owner][wanted[number]][hour] = each
            except UnreadableBody as error:
                log.error("hour %s of device %s: %s", hour, owner, error)

    def take_told(self, newest: Mapping[int, int]) -> None:
        """From the hours on that follow these, of reports."""
        together: defaultdict[int, list[int]] = defaultdict(list)
        for owner, hour in newest.items():
            together[hour + 1].append(owner)
        for first, owners in together.items():
            if following := range(first, self.span.until // HOUR_MS + 1):
                self._take_told(owners, following)

    def _take_told(self, owners: Collection[int], following: range) -> None:
        since, until = following[0] * HOUR_MS, self.span.until + 1
        told = told_by_each(self.connection, owners, since, until, self.names, metrics=self.metrics)
        for owner, by_metric in told.items():
            for name, values in by_metric.items():
                self.hours[owner][name].update(hours_of(values, following, until=self.span.until))


def _view(name: str, hours: _Hours, span: Span) -> SeriesView:
    step = step_of(span)
    base = span.since // HOUR_MS
    points: list[Point] = []
    bands: list[tuple[float, float] | None] = []
    for t, whole in _steps(hours, base, step):
        if points and t - points[-1][0] > step * HOUR_MS:
            points.append((points[-1][0] + step * HOUR_MS, None))
            bands.append(None)
        points.append((t, whole.mean))
        bands.append((whole.low, whole.high))
    return SeriesView(name, tuple(points), step * HOUR_MS, tuple(bands))


def _steps(hours: _Hours, base: int, step: int) -> Iterator[tuple[int, Hourly]]:
    ordered = sorted(hours)
    for number, together in groupby(ordered, key=lambda hour: (hour - base) // step):
        whole = merged(hours[hour] for hour in together)
        if whole is not None:
            yield (base + number * step) * HOUR_MS, whole


def step_of(span: Span) -> int:
    """Of so many hours is each point."""
    hours = (span.until - span.since) // HOUR_MS
    return next((step for step in _STEPS_H if hours <= step * span.points), _STEPS_H[-1])
