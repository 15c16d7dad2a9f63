"""A report as a workbook that an office goes on working with: a sheet for each of its tables."""

from collections.abc import Iterator, Mapping, Sequence

from hub.office.report_cells import pct
from hub.reports.making import ROUTES
from hub.reports.report import Report
from hub.sheets.writing import Sheet, Value, write_sheets
from hub.web.language import Language, load_languages


def report_book(report: Report, types: Mapping[str, str], language: str) -> bytes:
    """types: what types of requests are called."""
    return write_sheets(_Book(report, types, load_languages()[language]).sheets())


class _Book:
    def __init__(self, report: Report, types: Mapping[str, str], words: Language) -> None:
        self._report, self._types, self._words = report, types, words

    def sheets(self) -> Iterator[Sheet]:
        report = self._report
        yield self._sheet("summary", ("figure", "value"), list(self._summary()))
        schools: list[tuple[Value, ...]] = [
            (
                *(each.group, each.code, each.name, each.pupils, each.rooms),
                *(pct(each.available), self._yes(each.works), round(each.used_min), round(each.lost_min)),
                *(self._code("cause", each.cause), each.repairs),
            )
            for each in report.schools
        ]
        columns = (
            "district",
            "code",
            "school",
            "pupils",
            "rooms",
            "available",
            "works",
            "used",
            "lost",
            "cause",
            "repairs",
        )
        yield self._sheet("schools", columns, schools)
        months = [
            (
                *(each.key, pct(each.available), pct(each.small_working), round(each.used_min), round(each.lost_min)),
                *(round(each.saved_min), each.opened, each.done),
            )
            for each in report.months
        ]
        yield self._sheet("months", ("month", "available", "small", "used", "lost", "saved", "opened", "done"), months)
        lost = [(self._code("cause", cause), round(minutes)) for cause, minutes in report.lost_by_cause]
        yield self._sheet("causes", ("cause", "lost"), lost)
        yield from self._work()
        yield from self._things()

    def _work(self) -> Iterator[Sheet]:
        report = self._report
        services = [
            (
                *(
                    self._types.get(each.type, each.type),
                    *each.quarters,
                    each.opened,
                    each.done,
                    each.open,
                    each.overdue,
                ),
                *(_two(each.hours), pct(each.in_time)),
            )
            for each in report.services
        ]
        columns = ("service", "q1", "q2", "q3", "q4", "opened", "done", "open", "overdue", "hours", "in_time")
        yield self._sheet("services", columns, services)
        repairs: list[tuple[Value, ...]] = [
            (
                *(self._code("kind", each.kind), each.count, self._code("cause", each.cause)),
                *(*(each.routes[route] for route in ROUTES), each.automatic, each.cost_satang / 100),
            )
            for each in report.repairs.by_kind
        ]
        yield self._sheet("repairs", ("kind", "count", "cause", *ROUTES, "automatic", "cost"), repairs)
        ratings = [
            (self._about(each.about), _two(each.mean), _two(each.deviation), each.count) for each in report.ratings
        ]
        yield self._sheet("ratings", ("about", "mean", "deviation", "count"), ratings)

    def _things(self) -> Iterator[Sheet]:
        report = self._report
        ages = [(self._code("kind", each.kind), *each.ages, each.count, each.outlived) for each in report.ages]
        yield self._sheet(
            "ages", ("kind", "age_2", "age_5", "age_8", "age_more", "age_none", "count", "outlived"), ages
        )
        needs = [
            (self._code("kind", each.kind), each.replace, each.repair, each.watch, each.price_satang / 100)
            for each in report.needs
        ]
        yield self._sheet("needs", ("kind", "replace", "repair", "watch", "cost"), needs)
        projects = [
            (
                *(each.number, each.title, each.planned, each.accepted),
                *(each.planned_satang / 100, each.spent_satang / 100),
            )
            for each in report.projects
        ]
        columns = ("number", "project", "planned", "accepted", "planned_baht", "spent_baht")
        yield self._sheet("projects", columns, projects)
        purchases = [
            (each.number, each.subject, each.cost_satang / 100, self._code("report.counted", each.counted or "itself"))
            for each in report.purchases
        ]
        yield self._sheet("purchases", ("number", "subject", "cost", "counted"), purchases)

    def _summary(self) -> Iterator[tuple[Value, ...]]:
        report, head, repairs = self._report, self._report.headline, self._report.repairs
        figures: tuple[tuple[str, Value], ...] = (
            ("period", report.period.key),
            ("districts", ", ".join(report.groups)),
            ("small", pct(head.share)),
            ("small_count", head.small),
            ("small_measured", head.measured),
            ("available", pct(report.available)),
            ("used", round(report.used_min)),
            ("lost", round(report.lost_min)),
            ("saved", round(report.saved_min)),
            ("opened", repairs.opened),
            ("done", repairs.done),
            ("open", repairs.open),
            ("hours", _two(repairs.hours)),
            ("median_hours", _two(repairs.median_hours)),
            ("in_time", pct(repairs.in_time)),
            ("budget", None if report.budget_satang is None else report.budget_satang / 100),
            ("spent", report.spent_satang / 100),
        )
        return ((self._words.gettext(f"report.col.{name}"), value) for name, value in figures)

    def _sheet(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> Sheet:
        heading = [self._words.gettext(f"report.col.{column}") for column in columns]
        return Sheet(self._words.gettext(f"report.sheet.{name}"), heading, rows)

    def _code(self, family: str, code: str) -> str:
        return (self._words.lookup(f"{family}.{code}") or code) if code else ""

    def _about(self, about: str) -> str:
        return self._types.get(about) or self._words.lookup(f"report.about.{about}") or about

    def _yes(self, works: bool) -> str:
        return self._words.gettext("report.yes" if works else "report.no")


def _two(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
