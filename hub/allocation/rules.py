"""Who may be given something: rules as data (rules.toml), judged by what the hub knows of a school; the rest people tick.

The hub never says no where it does not know: such a rule is open until somebody ticks it.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.core.words import Words

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class RuleModel(Words):
    """One rule.

    check      how it is judged; `ticked`: by people alone
    least, most   pupils; doubtful_most: up to here it depends on what kind of school it is, so people tick
    years      in which nothing was given
    share      of class time that power may be away, at most
    """

    id: Code
    check: Literal["ticked", "pupils", "last_given", "power", "internet"] = "ticked"
    least: int | None = None
    most: int | None = None
    doubtful_most: int | None = None
    years: int | None = None
    share: float | None = None


class RuleSetModel(Words):
    """source  where the rules stand"""

    source: str = ""
    rules: tuple[RuleModel, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: Mapping[Code, RuleSetModel]


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    """the hub does not know: people tick it"""
    TICKED = "ticked"


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What the hub knows of a school; None: it does not.

    last_given   when it got its newest set
    power_share  of class time that was lost to power cuts
    """

    pupils: int | None = None
    last_given: date | None = None
    dates_known: bool = False
    power_share: float | None = None
    internet: bool | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    rule: RuleModel
    verdict: Verdict


@lru_cache(maxsize=1)
def rule_sets() -> Mapping[str, RuleSetModel]:
    """Those that are shipped."""
    return _File.model_validate(tomllib.loads(files("hub.allocation").joinpath("rules.toml").read_text("utf-8"))).sets


def judge(rules: RuleSetModel, facts: SchoolFacts, ticks: Collection[str], today: date) -> tuple[Judged, ...]:
    """In the order of the rules."""

    def judged() -> Iterator[Judged]:
        for rule in rules.rules:
            met = _holds(rule, facts, today)
            known = Verdict.TICKED if rule.id in ticks else Verdict.OPEN
            yield Judged(rule, known if met is None else Verdict.MET if met else Verdict.NOT_MET)

    return tuple(judged())


def is_shut_out(judged: Collection[Judged]) -> bool:
    """A rule is broken for certain."""
    return any(each.verdict is Verdict.NOT_MET for each in judged)


def _holds(rule: RuleModel, facts: SchoolFacts, today: date) -> bool | None:
    if rule.check == "pupils":
        return _pupils(rule, facts.pupils)
    if rule.check == "last_given":
        if facts.last_given is not None:
            return _years_after(facts.last_given, rule.years or 0) <= today
        return True if facts.dates_known else None
    if rule.check == "power":
        return None if facts.power_share is None or rule.share is None else facts.power_share <= rule.share
    return facts.internet if rule.check == "internet" else None


def _pupils(rule: RuleModel, pupils: int | None) -> bool | None:
    if pupils is None:
        return None
    if rule.least is not None and pupils < rule.least:
        return False
    if rule.most is None or pupils <= rule.most:
        return True
    return None if rule.doubtful_most is not None and pupils <= rule.doubtful_most else False


def _years_after(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)
