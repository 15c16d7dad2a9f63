"""The stored reports of a device, as hours: what is kept of them, and what a chart works out of those that are not kept yet."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, bindparam, select

from hub.core.hourly import HOLDS_MS, HOUR_MS, NEAR_MS, Hourly, Told, hours_of, moment_of, number_of
from hub.store.bodies import MetricNames, unpack
from hub.store.errors import UnreadableBody
from hub.store.tables import report

log = logging.getLogger(__name__)

_FETCH = 1000
_REPORTS = (
    select(report.c.t, report.c.epoch_id, report.c.offset, report.c.body)
    .where(report.c.device_id == bindparam("device"), report.c.t >= bindparam("since"), report.c.t < bindparam("until"))
    .order_by(report.c.t, report.c.epoch_id, report.c.offset)
    .execution_options(yield_per=_FETCH)
)
MetricIds = Mapping[str, int]
"""By name the id of a metric: the newest where it has several because its type has changed."""


def ids_of(names: MetricNames) -> MetricIds:
    return {names[number][0]: number for number in sorted(names)}


def told_by(
    connection: Connection, device_id: int, since: int, until: int, names: MetricNames
) -> Mapping[str, Sequence[Told]]:
    """By metric what a device told from `since` on and before `until`, in the order of time, and a little more on both sides."""
    span = {"device": device_id, "since": since - HOLDS_MS - NEAR_MS, "until": until + NEAR_MS}
    found: defaultdict[str, list[tuple[int, int, int, float | None]]] = defaultdict(list)
    for t, epoch_id, offset, body in connection.execute(_REPORTS, span):
        try:
            samples = unpack(body, names)
        except UnreadableBody as error:
            log.error("report %s of journal %s: %s", offset, epoch_id, error)
            continue
        for name, (value, _, own) in samples.items():
            found[name].append((moment_of(own, t), epoch_id, offset, number_of(value)))
    for each in found.values():
        each.sort(key=_place)
    return {name: [(t, value) for t, _, _, value in each] for name, each in found.items()}


def hours_told(
    connection: Connection, device_id: int, wanted: Collection[int], names: MetricNames
) -> dict[int, dict[str, Hourly]]:
    """The wanted hours of a device from its reports, by hour and metric. An hour of which nothing is known is empty."""
    found: dict[int, dict[str, Hourly]] = {hour: {} for hour in wanted}
    for run in runs(wanted):
        told = told_by(connection, device_id, run[0] * HOUR_MS, (run[-1] + 1) * HOUR_MS, names)
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
