"""The order in which a node's reports are judged: by event time, although several journals and late history tell them.

Decides when a report's turn is. Live ones have it at their own time; what a journal tells later than it was has it when the
report before it had. After an absence, history gets a while to come in before the birth that ended the absence is judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from hub.core.equipment import HOST
from hub.core.reports import ONLINE, Report

_AT_ONCE = 20_000
"""Of one journal in one go. The next goes on; meanwhile other nodes get their turn."""


class Turn(NamedTuple):
    """A report and the moment at which its turn is. There are millions of them."""

    at: int
    report: Report


def turns(
    journals: Sequence[Iterator[Report]],
    *,
    until: int,
    latest: int,
    hold_ms: int,
    heard_at: int | None,
    away_since: int | None,
) -> list[Turn]:
    """The reports of one node whose turn is not after `until`, in order. Of each journal they are the next ones, without a gap.

    latest      a report of after that comes from a clock that is wrong, and has its turn at once
    heard_at    the newest time of what was judged of the node
    away_since  since when the node is away, as far as was judged
    """
    arrived = [
        pair for journal in journals for pair in _arrivals(islice(journal, _AT_ONCE), heard_at or 0, until, latest)
    ]
    held = _held(arrived, hold_ms, away_since)
    taken = []
    for arrival, report in arrived:
        at = next((end for start, end in held if start <= arrival < end), arrival) if held else arrival
        if at <= until:
            taken.append(Turn(at, report))
    taken.sort(key=_order)
    return taken


def _arrivals(journal: Iterable[Report], heard_at: int, until: int, latest: int) -> Iterator[tuple[int, Report]]:
    """When each report was told, at the earliest: not before those before it."""
    arrival = heard_at
    for report in journal:
        t = report.t if report.t <= latest else until
        arrival = max(arrival, t)
        yield arrival, report


def _held(arrived: Sequence[tuple[int, Report]], hold_ms: int, away_since: int | None) -> list[tuple[int, int]]:
    """[from, to] of the times whose reports wait until `to`: from a death to a while after the next birth."""
    sessions = sorted(
        (arrival, report.samples[ONLINE].value is True)
        for arrival, report in arrived
        if ONLINE in report.samples and report.device.device == HOST
    )
    held = []
    died, first = away_since, away_since
    for arrival, online in sessions:
        if not online and died is None:
            # The death itself does not wait; for how long its history does must not depend on whether it is judged already.
            died, first = arrival, arrival + 1
        elif online and died is not None and first is not None:
            held.append((first, arrival + min(hold_ms, max(0, arrival - died))))
            died = None
    return held


def _order(turn: Turn) -> tuple[int, int, bool, str, int]:
    """By turn, then by time; of two at once what the node says of itself goes first, as births do."""
    report = turn.report
    return turn.at, report.t, report.device.device != HOST, report.epoch, report.offset
