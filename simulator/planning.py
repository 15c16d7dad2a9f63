"""Plans the faults of a recording: where, when, how bad, and whether they are mended. What is seen of them, others say.

No two faults stand on the same chain of equipment at the same time: nobody, teacher or machine, could tell them apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from simulator.clock import DAY, HOUR, MINUTE, day_of
from simulator.district import District, School
from simulator.fault_kinds import KINDS, Draft
from simulator.faults import Fault
from simulator.intervals import EVER
from simulator.randomness import stream
from simulator.scenarios import Scenario
from simulator.schooldays import Calendar

MARGIN = 1.5 * DAY
"""Between the end of one fault and the beginning of another on the same chain."""
LESSON = 50 * MINUTE


@dataclass
class Plan:
    """What is planned so far, and the stretches that it occupies."""

    start: float
    end: float
    calendar: Calendar
    faults: list[Fault] = field(default_factory=list)
    taken: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def free(self, scopes: list[str], onset: float, end: float) -> bool:
        return all(
            onset > high + MARGIN or end < low - MARGIN for scope in scopes for low, high in self.taken.get(scope, ())
        )

    def add(self, fault: Fault, scopes: list[str]) -> None:
        self.faults.append(replace(fault, number=len(self.faults)))
        for scope in scopes:
            self.taken.setdefault(scope, []).append((fault.onset, fault.end))


def plan_faults(
    seed: int,
    scenario: Scenario,
    district: District,
    plan: Plan,
    storms: Callable[[School], list[float]],
) -> list[Fault]:
    weight = len(district.schools) / 100 * (plan.end - plan.start) / (28 * DAY)
    for cause, rate in scenario.faults.items():
        dice = stream(seed, "faults", cause)
        wanted = max(1 if len(district.schools) >= 20 else 0, int(rate * weight + dice.random()))
        made = 0
        for _ in range(wanted * 60):
            if made == wanted:
                break
            made += _try(dice, cause, dice.choice(district.schools), plan, storms)
    return plan.faults


def _try(dice: Random, cause: str, school: School, plan: Plan, storms: Callable[[School], list[float]]) -> bool:
    kind = KINDS[cause]
    if (draft := kind.draft(dice, school)) is None:
        return False
    onset = _onset(dice, plan, kind.needs_days * DAY, storms(school) if kind.by_storm else [])
    if onset is None:
        return False
    end, repaired = _ending(dice, onset, plan, kind.heals, kind.lasts_class_s)
    if not plan.free(draft.scopes, onset, end):
        return False
    plan.add(_fault(dice, cause, school, draft, onset=onset, end=end, repaired=repaired), draft.scopes)
    return True


def _fault(
    dice: Random, cause: str, school: School, draft: Draft, *, onset: float, end: float, repaired: bool
) -> Fault:
    shift = max(-1.2, min(1.2, dice.gauss(0, 0.6))) if repaired and draft.dish else 0.0
    return Fault(
        number=0,
        cause=cause,
        school=school.code,
        onset=onset,
        end=end,
        room=draft.room,
        dish=draft.dish,
        device=draft.device,
        node=draft.node,
        variant=draft.variant,
        size=draft.size,
        ramp_s=draft.ramp_s,
        repaired=repaired,
        shift_db=shift,
    )


def _onset(dice: Random, plan: Plan, needs: float, storms: list[float]) -> float | None:
    """At any hour: in class, at night, on weekends and holidays; in a storm where storms break such things."""
    first = plan.start + min(3 * DAY, 0.25 * (plan.end - plan.start))
    last = plan.end - max(needs, 0.1 * (plan.end - plan.start))
    if last <= first:
        return None
    within = [t for t in storms if first <= t < last]
    if within and dice.random() < 0.45:
        return dice.choice(within)
    onset = dice.uniform(first, last)
    if dice.random() < 0.45:
        hours = plan.calendar.class_time(day_of(onset))
        onset = dice.uniform(*hours) if hours is not None else onset
    return onset if first <= onset < last else None


def _ending(dice: Random, onset: float, plan: Plan, heals: float, lasts: float) -> tuple[float, bool]:
    """Mended in class hours some days later, healed by itself, or neither."""
    fate = dice.random()
    if fate < heals:
        end = plan.calendar.after(onset, lasts + dice.uniform(2, 9) * HOUR, plan.end)
        return (end, False) if end is not None else (EVER, False)
    if fate < 0.65:
        end = plan.calendar.after(onset, lasts + dice.uniform(1, 45) * HOUR, plan.end)
        return (end, True) if end is not None else (EVER, False)
    return EVER, False
