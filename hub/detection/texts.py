"""The codes of the texts that detection stores, and their parameters. Their words stand in the catalogues (hub/web/locale).

evidence.<cause>.<sign>  a sign has held for long enough
cleared.<cause>.<sign>   it is gone
evidence.past_limit, cleared.past_limit  the same for the signs that profiles declare, whatever their cause
corrected.reception, corrected.absence   more is known: of a dish, of a node that was away

A parameter's name tells what it is: `…_at` a time in ms since 1970 UTC, `…_min` minutes, `metric` a metric's name, `value`
and `limit` figures in its unit, `witness` the key of a device ("" for the node's computer).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hub.core.texts import Text
from hub.detection.absence import Absence
from hub.detection.limits import PAST_LIMIT
from hub.detection.signs import MINUTE_MS, Cause, Number, Span
from hub.detection.weighing import NUMBERS, DishEvidence, Hypothesis

OPENED = ("onset_at", "held_min")
"""Parameters of every `evidence`: when it began, and for how long it held (class time, but for limits)."""
RECEPTION = "reception"
"""The sign of a dish's fault."""
DEGRADING, TREND = "signal_degrading", "trend"
TREND_NUMBERS = ("receivers", "drop_db", "days", "db_per_day", "lost_on", "lost_earliest", "lost_latest")
"""`…_on`, `lost_earliest` and `lost_latest` are dates (ISO 8601); None where lock is not surely lost within years."""
RECURRING = "recurring"
RECURRING_NUMBERS = ("count", "days")
UNHEARD = "unheard"
"""The sign of a cause that shows in a node's saying nothing at all."""
CLEARED = ("onset_at", "cleared_at")
"""Parameters of every `cleared`."""
_LIMIT_NUMBERS = ("metric", "value", "limit")


def evidence(
    cause: str, sign: str, onset_at: int, held: Span, numbers: Mapping[str, Number] = MappingProxyType({})
) -> Text:
    """Why a sign counts."""
    return Text(_code("evidence", cause, sign), {"onset_at": onset_at, "held_min": held.ms / MINUTE_MS, **numbers})


def gone(cause: str, sign: str, onset_at: int, cleared_at: int) -> Text:
    """That a sign is gone."""
    return Text(_code("cleared", cause, sign), {"onset_at": onset_at, "cleared_at": cleared_at})


def dish_evidence(cause: str, onset_at: int, seen: DishEvidence) -> Text:
    """Why a dish is told to have this fault."""
    numbers = {"onset_at": onset_at, "held_min": seen.seen_h * 60, **seen.numbers}
    return Text(_code("evidence", cause, RECEPTION), numbers)


def dish_corrected(was: str, cause: str, seen: DishEvidence) -> Text:
    """Why it is now told to have another."""
    return Text(f"corrected.{RECEPTION}", {"was": was, "cause": cause, **seen.numbers})


def decline(onset_at: int, t: int, numbers: Mapping[str, Number]) -> Text:
    """Why a dish is told to lose its signal slowly."""
    held_min = (t - onset_at) / MINUTE_MS
    return Text(_code("evidence", DEGRADING, TREND), {"onset_at": onset_at, "held_min": held_min, **numbers})


def absence_corrected(was: str, cause: str, away_from: int, away_until: int) -> Text:
    """What a node's being away turned out to be."""
    return Text("corrected.absence", {"was": was, "cause": cause, "onset_at": away_from, "cleared_at": away_until})


def all_codes(
    causes: Iterable[Cause], hypotheses: Iterable[Hypothesis] = (), absences: Iterable[Absence] = ()
) -> dict[str, tuple[str, ...]]:
    """Every code that can be stored, with the names of its parameters."""
    absences = tuple(absences)
    shown = {f"{cause.code}.{sign.code}": sign.numbers for cause in causes for sign in cause.signs}
    shown |= {f"{cause.code}.{UNHEARD}": () for cause in causes if cause.unheard}
    shown |= {f"{each.code}.{RECEPTION}": NUMBERS for each in hypotheses if each.repair}
    shown |= {f"{each.code}.{RECURRING}": RECURRING_NUMBERS for each in absences if each.recurring}
    shown |= {f"{each.code}.{UNHEARD}": () for each in absences}
    shown |= {f"{DEGRADING}.{TREND}": TREND_NUMBERS, PAST_LIMIT: _LIMIT_NUMBERS}
    changed = {f"corrected.{RECEPTION}": ("was", "cause", *NUMBERS), "corrected.absence": ("was", "cause", *CLEARED)}
    opened = {f"evidence.{name}": (*OPENED, *numbers) for name, numbers in shown.items()}
    return opened | changed | {f"cleared.{name}": CLEARED for name in shown}


def _code(what: str, cause: str, sign: str) -> str:
    if sign.startswith(PAST_LIMIT):
        return f"{what}.{PAST_LIMIT}"
    return f"{what}.{cause}.{sign}"
