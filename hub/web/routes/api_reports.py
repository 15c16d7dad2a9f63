"""The JSON API of reports: every figure of a month, a quarter or a fiscal year, and what the work calendar wants."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hub.core.people import Permission
from hub.reports.calendar import Duty
from hub.reports.period import around
from hub.web.api_models import Page
from hub.web.gate import gated_api, needs
from hub.web.routes.reports import asked_groups, asked_period
from hub.web.site import Site

Group = Annotated[str, Query(max_length=200, description="a district; all that you may see without")]


class ReportModel(BaseModel):
    """A report. Shares are from 0 to 1, minutes are of class, hours are working hours, money is whole satang."""

    period: str
    first: date
    last: date
    groups: list[str]
    made_at: int
    small_schools: dict[str, float | int | None] = Field(description="the goal: working is all of them")
    figures: dict[str, Any]
    schools: list[dict[str, Any]]
    months: list[dict[str, Any]]
    services: list[dict[str, Any]]
    repairs: dict[str, Any]
    ages: list[dict[str, Any]]
    ratings: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    allocation: list[dict[str, Any]]
    needs: list[dict[str, Any]]


class DutyModel(BaseModel):
    duty: str
    th: str
    en: str
    months: list[str]
    due: date | None
    this_month: bool

    @classmethod
    def of(cls, each: Duty, today: date) -> "DutyModel":
        months = [f"{month.year}-{month.month:02}" for month in each.months]
        return cls(duty=each.code, th=each.th, en=each.en, months=months, due=each.due, this_month=each.falls_in(today))


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_REPORTS, cut=True), prefix="/reports")
    api = _Reports(site)
    routes.get("/calendar")(api.calendar)
    routes.get("/{period}")(api.report)
    return routes


class _Reports:
    def __init__(self, site: Site) -> None:
        self._site, self._reports = site, site.office.reports

    def report(self, request: Request, period: str, group: Group = "") -> ReportModel:
        """2570-01 is January of that year, 2570-q1 the first quarter of the fiscal year, 2570 the whole of it."""
        made = self._reports.report(asked_period(period), asked_groups(self._site, request, group))
        told, head = asdict(made), made.headline
        figures = ("works_from", "rooms", "available", "used_min", "lost_min", "saved_min", "lost_by_cause")
        money = ("budget_satang", "spent_satang")
        lists = (
            "schools",
            "months",
            "services",
            "repairs",
            "ages",
            "ratings",
            "projects",
            "purchases",
            "allocation",
            "needs",
        )
        return ReportModel(
            period=made.period.key,
            first=made.period.first,
            last=made.period.last,
            groups=list(made.groups),
            made_at=made.made_at,
            small_schools=asdict(head) | {"unmeasured": head.unmeasured, "share": head.share},
            figures={name: told[name] for name in (*figures, *money)},
            **{name: told[name] for name in lists},
        )

    def calendar(self, year: Annotated[int | None, Query(ge=2501, le=2699)] = None) -> Page[DutyModel]:
        """The work of a fiscal year, in order; of the running one without a year."""
        today = self._reports.today()
        found = self._reports.duties(year or around(today)[2].fiscal_year)
        return Page(items=[DutyModel.of(each, today) for each in found], next=None)
