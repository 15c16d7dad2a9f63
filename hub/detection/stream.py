"""The order in which a node's reports are judged: by event time, although several journals and late history tell them.

Decides when a report's turn is. Live ones have it at their own time; what a journal tells later than it was has it when the
report before it had. After an absence, history gets a while to come in before the birth that ended the absence is judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter, lt
from typing import NamedTuple

from hub.core.equipment import HOST
from hub.core.reports import ONLINE, OURS, Report

_EPOCH, _OFFSET = itemgetter(1), itemgetter(2)
"""Of a report, in C: there are millions of them."""
_AT_ONCE = 20_000
"""Of one journal in one go. The next goes on; meanwhile other nodes get their turn."""

Turn = tuple[int, Report]
"""The moment at which a report's turn is, and the report. There are millions of them."""
_Session = tuple[int, bool]
"""When a birth or a death of the node was told, and whether it was a birth."""


class Turns(NamedTuple):
    """A node's reports in order, and up to when these are all: time must not pass beyond it before the next are judged."""

    until: int
    turns: list[Turn]


def turns(
    journals: Sequence[Iterator[Report]],
    *,
    until: int,
    latest: int,
    hold_ms: int,
    heard_at: int | None,
    away_since: int | None,
    at_once: int = _AT_ONCE,
) -> Turns:
    """The reports of one node whose turn is not after `until`, in order. Of each journal they are the next ones, without a gap.

    latest      a report of after that comes from a clock that is wrong, and has its turn at once
    heard_at    the newest time of what was judged of the node
    away_since  since when the node is away, as far as was judged
    at_once     so many of each journal at most
    """
    arrived: list[Turn] = []
    sessions: list[_Session] = []
    cut: list[int] = []
    for journal in journals:
        told = _arrivals(islice(journal, at_once), heard_at or 0, until, latest, sessions)
        arrived += told
        if len(told) == at_once:
            cut.append(told[-1][0])
    held = _held(sessions, hold_ms, away_since)
    if held:
        arrived = [(_turn(arrival, held), report) for arrival, report in arrived]
    until = min([until, *(_turn(arrival, held) for arrival in cut)])
    taken = [turn for turn in arrived if turn[0] <= until]
    moments = [turn[0] for turn in taken]
    if not all(map(lt, moments, islice(moments, 1, None))):
        # Some have the same moment.
        taken.sort(key=_order)
    return Turns(until, taken)


def newest(reports: Sequence[Report]) -> dict[str, int]:
    """By epoch the last offset of these."""
    epochs = set(map(_EPOCH, reports))
    if len(epochs) == 1:
        # Most nodes have one journal.
        return {epochs.pop(): max(map(_OFFSET, reports))}
    return {each: max(report.offset for report in reports if report.epoch == each) for each in epochs}


def _arrivals(
    journal: Iterable[Report], heard_at: int, until: int, latest: int, sessions: list[_Session]
) -> list[Turn]:
    """When each report was told, at the earliest: not before those before it. Where nothing is held its turn is then.

    Behind one of after `until` none has its turn, so that no more is read; but births that are still to come say what is held:
    when sessions began and ended is added to `sessions`.
    """
    arrival, told = heard_at, list[Turn]()
    for report in journal:
        (_, device), epoch, _, t, samples = report
        if t > latest:
            t = until
        arrival = t if t > arrival else arrival
        if arrival > until and epoch != OURS:
            break
        told.append((arrival, report))
        if device == HOST and ONLINE in samples:
            sessions.append((arrival, samples[ONLINE].value is True))
    return told


def _held(sessions: Iterable[_Session], hold_ms: int, away_since: int | None) -> list[tuple[int, int]]:
    """[from, to] of the times whose reports wait until `to`: from a death to a while after the next birth."""
    held = []
    died, first = away_since, away_since
    for arrival, online in sorted(sessions):
        if not online and died is None:
            # The death itself does not wait; for how long its history does must not depend on whether it is judged already.
            died, first = arrival, arrival + 1
        elif online and died is not None and first is not None:
            held.append((first, arrival + min(hold_ms, max(0, arrival - died))))
            died = None
    return held


def _turn(arrival: int, held: Iterable[tuple[int, int]]) -> int:
    """When a report's turn is."""
    return next((end for start, end in held if start <= arrival < end), arrival)


def _order(turn: Turn) -> tuple[int, int, bool, str, int]:
    """By turn, then by time; of two at once what the node says of itself goes first, as births do."""
    at, ((_, device), epoch, offset, t, _) = turn
    return at, t, device != HOST, epoch, offset
