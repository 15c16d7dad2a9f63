"""Conditions that a definition may set, by name. Each is pure: what is looked at stands in the Situation.

What a guard needs besides is named in its registration, and checked when definitions are loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hub.core.people import Principal
from hub.workflows.clock import HOUR_MS, OfficeCalendar
from hub.workflows.request import Request, Values
from hub.workflows.schema import GuardModel, Kind


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard may look at.

    values  the fields as they would be afterwards
    others  the fields of the other open requests of this type
    """

    values: Values
    request: Request | None
    who: Principal
    now: int
    calendar: OfficeCalendar
    others: Sequence[Values] = ()


Check = Callable[[GuardModel, Situation], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """needs: keys that must stand beside `check`; kinds: what their fields may hold; looks_around: at other requests."""

    check: Check
    needs: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[Kind, ...]] | None = None
    looks_around: bool = False


def holds(guard: GuardModel, situation: Situation) -> bool:
    """Whether nothing speaks against it. A field that is empty is for `asks` to miss, not for a guard."""
    if any(str(situation.values.get(name, "")) not in wanted for name, wanted in guard.when.items()):
        return True
    return GUARDS[guard.check].check(guard, situation)


def _number(values: Values, name: str | None) -> float | None:
    value = values.get(name or "")
    return value if isinstance(value, int | float) else None


def _looked_at(guard: GuardModel, at: Situation) -> float | None:
    return _number(at.request.values if guard.was and at.request else at.values, guard.field)


def _days_ahead(guard: GuardModel, at: Situation) -> bool:
    moment = _looked_at(guard, at)
    return moment is None or (at.calendar.day(int(moment)) - at.calendar.day(at.now)).days >= (guard.days or 0)


def _hours_ahead(guard: GuardModel, at: Situation) -> bool:
    moment = _looked_at(guard, at)
    return moment is None or moment - at.now >= (guard.hours or 0) * HOUR_MS


def _at_most(guard: GuardModel, at: Situation) -> bool:
    number = _number(at.values, guard.field)
    return number is None or guard.most is None or number <= guard.most


def _later(guard: GuardModel, at: Situation) -> bool:
    first, second = _number(at.values, guard.than), _number(at.values, guard.field)
    return first is None or second is None or second > first


def _not_before(guard: GuardModel, at: Situation) -> bool:
    """Dates of ISO 8601 are in order as texts."""
    first, second = at.values.get(guard.than or ""), at.values.get(guard.field or "")
    return not isinstance(first, str) or not isinstance(second, str) or second >= first


def _in_office_hours(guard: GuardModel, at: Situation) -> bool:
    moment = _number(at.values, guard.field)
    return moment is None or at.calendar.is_open(int(moment))


def _one_of(guard: GuardModel, at: Situation) -> bool:
    return str(at.values.get(guard.field or "", "")) in (guard.values or ())


def _not_own(_guard: GuardModel, at: Situation) -> bool:
    return at.request is None or at.request.opened_by != at.who.label


def _no_overlap(guard: GuardModel, at: Situation) -> bool:
    own = _stretch(guard, at.values)
    return own is None or not any(_meets(guard, own, at.values, other) for other in at.others)


def _stretch(guard: GuardModel, values: Values) -> tuple[float, float] | None:
    start, end = _number(values, guard.field), _number(values, guard.than)
    return None if start is None or end is None else (start, end)


def _meets(guard: GuardModel, own: tuple[float, float], values: Values, other: Values) -> bool:
    """Half-open: one may begin when the other ends."""
    theirs = _stretch(guard, other)
    same = other.get(guard.same or "") == values.get(guard.same or "")
    return same and theirs is not None and own[0] < theirs[1] and theirs[0] < own[1]


_MOMENT = (Kind.MOMENT,)
GUARDS: Mapping[str, Guard] = {
    "days_ahead": Guard(_days_ahead, ("field", "days"), {"field": _MOMENT}),
    "hours_ahead": Guard(_hours_ahead, ("field", "hours"), {"field": _MOMENT}),
    "at_most": Guard(_at_most, ("field", "most"), {"field": (Kind.NUMBER,)}),
    "later": Guard(_later, ("field", "than"), {"field": _MOMENT, "than": _MOMENT}),
    "not_before": Guard(_not_before, ("field", "than"), {"field": (Kind.DATE,), "than": (Kind.DATE,)}),
    "in_office_hours": Guard(_in_office_hours, ("field",), {"field": _MOMENT}),
    "one_of": Guard(_one_of, ("field", "values"), {"field": (Kind.CHOICE,)}),
    "not_own": Guard(_not_own),
    "no_overlap": Guard(_no_overlap, ("field", "than", "same"), {"field": _MOMENT, "than": _MOMENT}, looks_around=True),
}
