"""Scores as a table for people, and as JSON for machines."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from simulator.evaluation.minutes import WORDS, Account, Reason
from simulator.evaluation.scores import Delay, Score

Row = tuple[str, Callable[[Score], str]]
FALSE = ("rain", "sun", "satellite", "power", "link", "nothing")


def text(scores: Mapping[str, Score]) -> str:
    """The scores beside one another, then what is worth a closer look in the first."""
    names = list(scores)
    rows = [["", *names], *([title, *(tell(each) for each in scores.values())] for title, tell in _rows())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names) + 1)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    return "\n".join([*lines, "", *_details(next(iter(scores.values())))])


def minutes_text(lessons: Account | None) -> list[str]:
    """The account of lesson minutes, reason by reason."""
    if lessons is None:
        return []
    rows = [(WORDS[each], lessons.minutes[each], _share(lessons.share(each))) for each in Reason]
    return [
        f"lesson minutes by reason, of {lessons.true:.0f}",
        *(f"  {words:<88} {n:>7.0f} {share:>8}" for words, n, share in rows),
    ]


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def as_json(scores: Mapping[str, Score], lessons: Account | None = None) -> dict[str, Any]:
    told = {name: asdict(score) for name, score in scores.items()}
    if lessons is not None:
        by_reason = {reason.value: round(lessons.minutes[reason], 1) for reason in Reason}
        next(iter(told.values()))["minutes_by_reason"] = by_reason
    for each in told.values():
        each["confusion"] = [
            {"true": true, "ticket": ticket, "count": count}
            for (true, ticket), count in sorted(each["confusion"].items())
        ]
    return told


def _rows() -> list[Row]:
    return [
        ("tickets", lambda s: str(s.tickets)),
        ("recall", lambda s: _percent(s.recall)),
        ("precision", lambda s: _percent(s.precision)),
        ("right cause", lambda s: _percent(s.right_cause)),
        ("delay, class hours: median / p90", lambda s: _delay(s.delay)),
        ("  hard failures", lambda s: _delay(s.hard_delay)),
        ("duplicates", lambda s: str(s.duplicates)),
        ("granted (silence over 4 class hours)", lambda s: str(s.granted)),
        *((f"false on {what}", _false(what)) for what in FALSE),
        ("lesson minutes, error of the sum", lambda s: _signed(s.lessons.error) if s.lessons else "-"),
        ("  without faults that nothing shows", lambda s: _signed(s.lessons.seen_error) if s.lessons else "-"),
        ("lesson minutes, by room and day", lambda s: _percent(s.lessons.scatter) if s.lessons else "-"),
        ("usage minutes, error of the sum", lambda s: _signed(s.use[1] / s.use[0] - 1) if s.use and s.use[0] else "-"),
    ]


def _false(what: str) -> Callable[[Score], str]:
    return lambda score: str(score.false_on.get(what, 0))


def _details(score: Score) -> list[str]:
    lines = ["recall by cause"]
    lines += [f"  {cause:<22} {found}/{due}" for cause, (found, due) in score.recall_by_cause.items()]
    wrong = {pair: count for pair, count in sorted(score.confusion.items()) if pair[0] != pair[1]}
    lines += ["confusion: true cause, cause of the ticket", *(f"  {a:<22} {b:<22} {n}" for (a, b), n in wrong.items())]
    if score.false_causes:
        lines += ["false tickets by their cause", *(f"  {c:<22} {n}" for c, n in sorted(score.false_causes.items()))]
    lines += [
        "missed",
        *(f"  {_when(f.onset_at)} {f.school} {f.device or f.dish or ''} {f.cause}" for f in score.missed),
    ]
    if score.lessons:
        lines += ["lesson minutes by cause: true, told"]
        lines += [f"  {c:<22} {true:>9.0f} {told:>9.0f}" for c, (true, told) in score.lessons.by_cause.items()]
    if score.incidents:
        lines += ["incidents found", *(f"  {c:<22} {found}/{due}" for c, (found, due) in score.incidents.items())]
    return lines


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _signed(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:+.1f} %"


def _delay(delay: Delay) -> str:
    if delay.median is None or delay.p90 is None:
        return "-"
    return f"{delay.median:.1f} / {delay.p90:.1f}"


def _when(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
