"""Words of reports: what a period, a kind and a cause are called, for page, paper and workbook."""

from datetime import date

from babel.dates import format_date

from hub.core.fiscal import BUDDHIST_ERA
from hub.reports.period import Period, Span, read_period
from hub.web.language import Language, fill


class ReportWords:
    """Of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def period(self, period: Period) -> str:
        """November 2026; quarter 1 of the fiscal year 2570 (Oct 2026 – Dec 2026); fiscal year 2570."""
        if period.span is Span.MONTH:
            return self._month(period.first, "LLLL")
        ends = {"first": self._month(period.first, "LLL"), "last": self._month(period.last, "LLL")}
        named = {"quarter": period.quarter, "year": period.fiscal_year, **ends}
        return fill(self._language.gettext(f"report.period.{period.span.value}"), named)

    def month(self, key: str) -> str:
        """Of a point of the curves, short."""
        return self._month(read_period(key).first, "LLL")

    def code(self, family: str, code: str) -> str:
        """What a kind or a cause is called; one that nobody knows shows as itself."""
        return (self._language.lookup(f"{family}.{code}") or code) if code else ""

    def say(self, code: str, **params: object) -> str:
        return fill(self._language.gettext(code), params)

    def _month(self, day: date, pattern: str) -> str:
        era = BUDDHIST_ERA if self._language.code == "th" else 0
        return f"{format_date(day, pattern, locale=self._language.locale)} {day.year + era}"
