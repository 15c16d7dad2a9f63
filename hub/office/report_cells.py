"""Figures and words as the papers of reports hold them: percents with a decimal, hours, baht; in Thai, as papers are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.reports.report import Report
from hub.web.language import load_languages
from hub.web.report_words import ReportWords

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """What types of requests are called on paper, and all other words of it."""

    types: Mapping[str, str]

    @property
    def words(self) -> ReportWords:
        return ReportWords(load_languages()["th"])

    def type(self, name: str) -> str:
        return self.types.get(name) or self.words.code("report.about", name)


def ratings(report: Report, wording: Wording) -> list[Values]:
    return [
        {
            "about": wording.type(each.about),
            "mean": round(each.mean, 2),
            "deviation": round(each.deviation, 2),
            "answers": each.count,
        }
        for each in report.ratings
    ]


def budget(report: Report) -> Values:
    if report.budget_satang is None:
        return {"spent": baht(report.spent_satang)}
    left = report.budget_satang - report.spent_satang
    return {"received": baht(report.budget_satang), "spent": baht(report.spent_satang), "left": baht(left)}


def said(values: Mapping[str, Any]) -> Values:
    told = {key: [said(row) for row in each] if isinstance(each, list) else each for key, each in values.items()}
    return {key: each for key, each in told.items() if each not in (None, "", [])}


def pct(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def one(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def hours(minutes: float) -> float:
    return round(minutes / 60, 1)


def baht(satang: int) -> str:
    return f"{satang // 100}.{satang % 100:02}" if satang >= 0 else f"-{-satang // 100}.{-satang % 100:02}"
