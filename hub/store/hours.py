"""The stored reports of a device, as hours: what is kept of them, and what a chart works out of those that are not kept yet."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection

from hub.core.hourly import HOLDS_MS, HOUR_MS, NEAR_MS, Hourly, Told, hours_of, moment_of, number_of
from hub.store.bodies import MetricNames, unpack
from hub.store.chunks import Kept
from hub.store.errors import UnreadableBody
from hub.store.kept_reports import told_between, told_of

log = logging.getLogger(__name__)

Wanted = Callable[[int, int], bool]
"""Whether a report counts, by its journal and offset."""
MetricIds = Mapping[str, int]
"""By name the id of a metric: the newest where it has several because its type has changed."""


def ids_of(names: MetricNames) -> MetricIds:
    return {names[number][0]: number for number in sorted(names)}


def told_by(
    connection: Connection,
    device_id: int,
    since: int,
    until: int,
    names: MetricNames,
    *,
    wanted: Wanted = lambda _epoch, _offset: True,
) -> Mapping[str, Sequence[Told]]:
    """By metric what a device told from `since` on and before `until`, in the order of time, and a little more on both sides."""
    near = told_between(connection, device_id, since - HOLDS_MS - NEAR_MS, until + NEAR_MS)
    return _by_metric((each for each in near if wanted(each.epoch, each.offset)), names)


def told_by_each(
    connection: Connection,
    devices: Collection[int],
    since: int,
    until: int,
    names: MetricNames,
    *,
    metrics: Container[str],
) -> dict[int, Mapping[str, Sequence[Told]]]:
    """The same of several devices; of these metrics alone."""
    near = told_of(connection, devices, since - HOLDS_MS - NEAR_MS, until + NEAR_MS)
    return {device_id: _by_metric(told, names, metrics) for device_id, told in near.items()}


def _by_metric(
    told: Iterable[Kept], names: MetricNames, metrics: Container[str] | None = None
) -> Mapping[str, Sequence[Told]]:
    found: defaultdict[str, list[tuple[int, int, int, float | None]]] = defaultdict(list)
    for epoch_id, offset, _, t, body in told:
        try:
            samples = unpack(body, names)
        except UnreadableBody as error:
            log.error("report %s of journal %s: %s", offset, epoch_id, error)
            continue
        for name, (value, _, own) in samples.items():
            if metrics is None or name in metrics:
                found[name].append((moment_of(own, t), epoch_id, offset, number_of(value)))
    for each in found.values():
        each.sort(key=_place)
    return {name: [(t, value) for t, _, _, value in each] for name, each in found.items()}


def hours_told(
    connection: Connection,
    device_id: int,
    wanted: Collection[int],
    names: MetricNames,
    reports: Wanted = lambda _epoch, _offset: True,
) -> dict[int, dict[str, Hourly]]:
    """The wanted hours of a device from its reports, by hour and metric. An hour of which nothing is known is empty.

    reports  only of these
    """
    found: dict[int, dict[str, Hourly]] = {hour: {} for hour in wanted}
    for run in runs(wanted):
        told = told_by(connection, device_id, run[0] * HOUR_MS, (run[-1] + 1) * HOUR_MS, names, wanted=reports)
        for name, values in told.items():
            for hour, each in hours_of(values, frozenset(run)).items():
                found[hour][name] = each
    return found


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    placed = enumerate(sorted(numbers))
    return [[number for _, number in run] for _, run in groupby(placed, key=lambda each: each[1] - each[0])]


def _place(told: tuple[int, int, int, float | None]) -> tuple[int, int, int]:
    return told[:3]
