"""What is known of an asset, to what is to become of it. The same facts give the same answer, and all points are explained.

A reason has points and a leaning. Beyond repair, or not worth it: replace. Otherwise lasting reasons of 60 points or more say
replace; something that is broken or worn now says repair; 15 points say watch; else it is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from hub.core.fiscal import fiscal_year
from hub.core.needs import Advice
from hub.core.texts import Text
from hub.needs.facts import Facts
from hub.needs.settings import NeedSettings

REPLACE_AT, WATCH_AT = 60, 15
FADING = "signal_degrading"
_DAY_MS = 86_400_000
_DAYS_A_YEAR = 365.25
_LONG_PAST = 1.5
_WORN_PCT = 100.0


class _Leaning(Enum):
    LASTING = "lasting"
    """does not go away by a repair"""
    MENDABLE = "mendable"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class _Reason:
    text: Text
    points: int
    leaning: _Leaning


@dataclass(frozen=True, slots=True)
class Weighed:
    """fiscal_year  in which something is to be done"""

    advice: Advice
    score: int
    reasons: tuple[Text, ...]
    fiscal_year: int


def weigh(facts: Facts, settings: NeedSettings, today: date) -> Weighed:
    """The reasons in order of their points, those with more first."""
    reasons = sorted(_reasons(facts, settings, today), key=lambda each: (-each.points, each.text.code))
    score = sum(each.points for each in reasons)
    advice = _advice(reasons, score)
    year = fiscal_year(today)
    if advice in (Advice.KEEP, Advice.WATCH):
        end = life_ends(facts)
        year = max(year + 1, fiscal_year(end)) if end is not None else year + 1
    return Weighed(advice, score, tuple(each.text for each in reasons), year)


def life_ends(facts: Facts) -> date | None:
    """The day on which its useful life is over."""
    begun, years = facts.acquired_on, facts.life_years
    if begun is None:
        return None
    # Who was bought on 29 February grows old on the first of March.
    is_leap_day = (begun.month, begun.day) == (2, 29)
    return date(begun.year + years, 3, 1) if is_leap_day else begun.replace(year=begun.year + years)


def _advice(reasons: list[_Reason], score: int) -> Advice:
    if any(each.leaning is _Leaning.FINAL for each in reasons):
        return Advice.REPLACE
    if sum(each.points for each in reasons if each.leaning is _Leaning.LASTING) >= REPLACE_AT:
        return Advice.REPLACE
    if any(each.leaning is _Leaning.MENDABLE for each in reasons):
        return Advice.REPAIR
    return Advice.WATCH if score >= WATCH_AT else Advice.KEEP


def _reasons(facts: Facts, settings: NeedSettings, today: date) -> Iterator[_Reason]:
    if facts.irreparable is not None:
        yield _Reason(Text("need.irreparable", {"number": facts.irreparable}), 100, _Leaning.FINAL)
    yield from _by_age(facts, settings, today)
    yield from _by_record(facts, settings)
    yield from _by_costs(facts, settings, today)
    yield from _by_wear(facts, settings)


def _by_age(facts: Facts, settings: NeedSettings, today: date) -> Iterator[_Reason]:
    ends = life_ends(facts)
    if facts.acquired_on is not None and ends is not None and today >= ends:
        told = {"age": _years(facts.acquired_on, today), "life": facts.life_years}
        if (today - facts.acquired_on).days >= _LONG_PAST * facts.life_years * _DAYS_A_YEAR:
            yield _Reason(Text("need.long_past_life", told), 45, _Leaning.LASTING)
        else:
            yield _Reason(Text("need.past_life", told), 30, _Leaning.LASTING)
    ended = settings.support_ends.get(facts.profile or "") or settings.support_ends.get(facts.kind)
    if ended is not None and today > ended:
        yield _Reason(Text("need.out_of_support", {"ended_on": ended.isoformat()}), 20, _Leaning.LASTING)


def _by_record(facts: Facts, settings: NeedSettings) -> Iterator[_Reason]:
    record = facts.record
    if record.faults >= settings.many_faults:
        points = 35 if record.faults >= 2 * settings.many_faults else 20
        told = {"count": record.faults, "months": settings.months}
        yield _Reason(Text("need.faults", told), points, _Leaning.LASTING)
    days = record.down_ms / _DAY_MS
    if days >= settings.down_days:
        points = 25 if days >= 3 * settings.down_days else 15
        yield _Reason(Text("need.down", {"days": round(days), "months": settings.months}), points, _Leaning.LASTING)
    if record.standing is not None:
        told_now = {"cause": record.standing.cause, "since_on": record.standing.since.isoformat()}
        code, points = ("need.fading", 25) if record.standing.cause == FADING else ("need.broken", 30)
        yield _Reason(Text(code, told_now), points, _Leaning.MENDABLE)


def _by_costs(facts: Facts, settings: NeedSettings, today: date) -> Iterator[_Reason]:
    price = facts.price(fiscal_year(today))
    if not price or not facts.record.repair_satang:
        return
    share = facts.record.repair_satang / price
    told = {"cost_baht": facts.record.repair_satang / 100, "price_baht": price / 100, "share_pct": round(share * 100)}
    if share >= settings.costly_share:
        yield _Reason(Text("need.not_worth_it", told), 60, _Leaning.FINAL)
    elif share >= settings.costly_share / 2:
        yield _Reason(Text("need.costly", told), 20, _Leaning.LASTING)


def _by_wear(facts: Facts, settings: NeedSettings) -> Iterator[_Reason]:
    for name, used, watched in (
        ("lamp", facts.record.lamp_pct, settings.lamp_pct),
        ("disk", facts.record.disk_pct, settings.disk_pct),
    ):
        if used is None or used < watched:
            continue
        worn = used >= _WORN_PCT
        told = {"used_pct": round(used)}
        leaning = _Leaning.MENDABLE if worn else _Leaning.LASTING
        yield _Reason(Text(f"need.{name}_worn" if worn else f"need.{name}_wears", told), 25 if worn else 15, leaning)


def _years(since: date, today: date) -> int:
    """That are over."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


CODES = {
    "need.irreparable": ("number",),
    "need.long_past_life": ("age", "life"),
    "need.past_life": ("age", "life"),
    "need.out_of_support": ("ended_on",),
    "need.faults": ("count", "months"),
    "need.down": ("days", "months"),
    "need.broken": ("cause", "since_on"),
    "need.fading": ("cause", "since_on"),
    "need.not_worth_it": ("cost_baht", "price_baht", "share_pct"),
    "need.costly": ("cost_baht", "price_baht", "share_pct"),
    "need.lamp_worn": ("used_pct",),
    "need.lamp_wears": ("used_pct",),
    "need.disk_worn": ("used_pct",),
    "need.disk_wears": ("used_pct",),
}
"""Every reason, and the parameters that its words may ask for."""
