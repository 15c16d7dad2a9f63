"""Periods, the work calendar, and what a report makes of facts."""

from datetime import date

import pytest

from hub.reports.calendar import duties_of, load_calendar
from hub.reports.facts import (
    AssetFact,
    Facts,
    LineFact,
    NeedFact,
    PurchaseFact,
    RatingFact,
    RepairFact,
    RequestFact,
    RoomMonth,
    SchoolFact,
)
from hub.reports.making import make_report
from hub.reports.period import NoSuchPeriod, Span, around, following, previous, read_period
from hub.reports.report import Report
from hub.reports.settings import ReportSettings

QUARTER = read_period("2570-q1")
SCHOOLS = (
    SchoolFact("cpm3", "1", "a", 64),
    SchoolFact("cpm3", "2", "b", 120),
    SchoolFact("cpm3", "3", "c", 121),
    SchoolFact("cpm3", "4", "d", 30),
    SchoolFact("cpm3", "5", "e", None),
)
ROOMS = (
    RoomMonth("cpm3", "1", "x", "2569-10", 1000.0, 600.0, {"tv_failed": 40.0}),
    RoomMonth("cpm3", "1", "x", "2569-11", 1000.0, 700.0),
    RoomMonth("cpm3", "2", "x", "2569-11", 1000.0, 100.0, {"rain_fade": 30.0, "tv_failed": 170.0}),
    RoomMonth("cpm3", "3", "x", "2569-11", 1000.0, 0.0, {"school_power_outage": 900.0, "rain_fade": 200.0}),
)


def asked(**more: object) -> RequestFact:
    told = {"type": "repair", "state": "closed", "group": "cpm3", "school": "1", "opened_in": "2569-10"}
    return RequestFact(**told | {"ended_in": "2569-11", "hours": 10.0, "limit_hours": 56.0} | more)  # type: ignore[arg-type]


def made(**facts: object) -> Report:
    told = {"schools": SCHOOLS, "rooms": ROOMS} | facts
    return make_report(QUARTER, ["cpm3"], Facts(**told), ReportSettings(), 0)  # type: ignore[arg-type]


class TestPeriods:
    @pytest.mark.parametrize(
        ("key", "first", "last", "span"),
        [
            ("2570-01", date(2027, 1, 1), date(2027, 1, 31), Span.MONTH),
            ("2571-02", date(2028, 2, 1), date(2028, 2, 29), Span.MONTH),
            ("2570-q1", date(2026, 10, 1), date(2026, 12, 31), Span.QUARTER),
            ("2570-Q4", date(2027, 7, 1), date(2027, 9, 30), Span.QUARTER),
            ("2570", date(2026, 10, 1), date(2027, 9, 30), Span.YEAR),
        ],
    )
    def test_each_has_its_days(self, key: str, first: date, last: date, span: Span) -> None:
        found = read_period(key)
        assert (found.first, found.last, found.span, found.key) == (first, last, span, key.lower())
        assert found.fiscal_year == (2571 if key.startswith("2571") else 2570)

    @pytest.mark.parametrize("key", ["", "2570-13", "2570-q5", "2027-01", "2570-1", "january"])
    def test_what_is_none_says_how_one_is_written(self, key: str) -> None:
        with pytest.raises(NoSuchPeriod, match="write 2570-01 for a month"):
            read_period(key)

    def test_around_a_day_there_are_three(self) -> None:
        assert [each.key for each in around(date(2026, 11, 20))] == ["2569-11", "2570-q1", "2570"]

    @pytest.mark.parametrize("key", ["2569-09", "2569-10", "2570-q1", "2570-q3", "2570"])
    def test_before_what_follows_it_stands_itself(self, key: str) -> None:
        period = read_period(key)
        assert previous(following(period)) == period
        assert (following(period).first - period.last).days == 1

    def test_the_months_of_a_fiscal_year_begin_in_october(self) -> None:
        months = list(read_period("2570").months())
        assert (len(months), months[0].key, months[-1].key) == (12, "2569-10", "2570-09")
        assert [each.quarter for each in months] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


class TestCalendar:
    def test_the_seven_services_go_on_all_the_year(self) -> None:
        duties = duties_of(2570, load_calendar())
        assert [each.all_year for each in duties][:8] == [True] * 7 + [False]

    def test_what_is_due_lies_in_the_fiscal_year(self) -> None:
        duties = {each.code: each for each in duties_of(2570, load_calendar())}
        assert duties["october_maintenance"].due == date(2026, 10, 31)
        assert duties["annual_report"].due == date(2027, 9, 30)
        assert duties["long_break"].months == (date(2027, 4, 1), date(2027, 5, 1))
        assert duties["surveys"].falls_in(date(2027, 1, 20))
        assert not duties["surveys"].falls_in(date(2027, 3, 1))


class TestLessons:
    def test_the_goal_counts_small_schools_that_are_measured(self) -> None:
        head = made().headline
        assert (head.small, head.measured, head.working, head.unmeasured, head.share) == (3, 2, 1, 1, 0.5)

    def test_where_nothing_is_measured_no_share_is_claimed(self) -> None:
        report = made(rooms=())
        assert (report.headline.share, report.available) == (None, None)

    def test_a_school_works_from_the_share_that_is_set(self) -> None:
        lines = {each.code: each for each in made().schools}
        assert (lines["1"].available, lines["1"].works) == (0.98, True)
        assert (lines["2"].available, lines["2"].works, lines["2"].cause) == (0.8, False, "tv_failed")
        assert (lines["4"].available, lines["4"].works) == (None, False)

    def test_several_causes_at_once_take_no_more_than_there_is(self) -> None:
        lines = {each.code: each for each in made().schools}
        assert (lines["3"].lost_min, lines["3"].available) == (1000.0, 0.0)

    def test_the_failing_are_small_and_measured_the_worst_first(self) -> None:
        assert [each.code for each in made().failing] == ["2"]

    def test_a_school_that_is_not_in_the_register_is_told_of(self) -> None:
        report = made(rooms=(*ROOMS, RoomMonth("cpm3", "9", "x", "2569-11", 10.0, 5.0)))
        assert [each.code for each in report.schools][-1] == "9"

    def test_months_have_their_own_shares(self) -> None:
        october, november, december = made().months
        assert (october.available, october.small_working) == (0.96, 1.0)
        assert (november.small_working, november.lost_min) == (0.5, 1200.0)
        assert (december.available, december.used_min) == (None, 0.0)

    def test_a_quarter_has_a_share_of_its_own_and_no_mean_of_its_months(self) -> None:
        told = Facts(schools=SCHOOLS, rooms=ROOMS)
        quarters = make_report(read_period("2570"), ["cpm3"], told, ReportSettings(), 0).quarters
        assert [each.key for each in quarters] == ["2570-q1", "2570-q2", "2570-q3", "2570-q4"]
        assert (quarters[0].small_working, quarters[0].lost_min, quarters[1].available) == (0.5, 1240.0, None)
        assert made().quarters == ()

    def test_months_that_have_not_begun_have_no_line(self) -> None:
        report = make_report(QUARTER, ["cpm3"], Facts(), ReportSettings(), 0, today=date(2026, 11, 20))
        assert [each.key for each in report.months] == ["2569-10", "2569-11"]


class TestRepairs:
    def test_time_is_judged_by_the_limit(self) -> None:
        repairs = [
            RepairFact(asked(), "tv", "tv_failed", "own", automatic=True, cost_satang=12_050, saved_min=90.0),
            RepairFact(asked(hours=70.0, school="2"), "tv", "tv_failed", "vendor"),
            RepairFact(asked(ended_in=None, state="repairing", overdue=True), "receiver", "", "own"),
            RepairFact(asked(opened_in=None, hours=40.0), "tv", "tv_no_signal", "own"),
        ]
        told = made(repairs=tuple(repairs), requests=tuple(each.request for each in repairs))
        found = told.repairs
        assert (found.opened, found.done, found.open, found.overdue, found.automatic) == (3, 3, 1, 1, 1)
        assert (found.hours, found.median_hours, found.in_time) == (40.0, 40.0, 2 / 3)
        assert found.by_state == (("closed", 3.0), ("repairing", 1.0))
        assert [(each.kind, each.count, each.cause, each.routes["vendor"]) for each in found.by_kind] == [
            ("tv", 3, "tv_failed", 1),
            ("receiver", 1, "", 0),
        ]
        assert (told.saved_min, told.spent_satang) == (90.0, 12_050)
        assert {each.code: each.repairs for each in told.schools}["2"] == 1

    def test_a_repair_is_paid_in_the_period_in_which_it_ends(self) -> None:
        lasting = RepairFact(asked(ended_in=None), "tv", "tv_failed", "own", cost_satang=12_050)
        assert (made(repairs=(lasting,)).spent_satang, made(repairs=(lasting,)).repairs.cost_satang) == (0, 0)

    def test_services_are_counted_by_quarter(self) -> None:
        (line,) = made(requests=(asked(type="phone_consult", limit_hours=None), asked(type="phone_consult"))).services
        assert (line.quarters, line.opened, line.done, line.open, line.in_time) == ((2, 0, 0, 0), 2, 2, 0, 1.0)


def test_equipment_is_counted_by_age() -> None:
    days = (date(2026, 1, 1), date(2023, 1, 1), date(2019, 1, 1), date(2010, 1, 1), None)
    (line,) = made(assets=tuple(AssetFact("tv", day, 5) for day in days)).ages
    assert (line.ages, line.outlived, line.count) == ((1, 1, 1, 1, 1), 2, 5)


def test_money_is_spent_by_repairs_and_by_what_was_accepted() -> None:
    lines = (
        LineFact("AL-1", "round", "cpm3", "tv", "new", "purchase", 4, 3, 2_400_000),
        LineFact("AL-1", "round", "cpm3", "tv", "new", "moved", 2, 1, 0),
        LineFact("AL-1", "round", "cpm3", "tv", "repair", "stock", 1, 1, 0),
    )
    report = made(lines=lines, budget_satang=10_000_000)
    (kind,), (project,) = report.allocation, report.projects
    assert (kind.bought, kind.repaired, kind.moved, kind.open, kind.value_satang) == (3, 1, 1, 2, 7_200_000)
    assert (project.planned, project.accepted, project.planned_satang, project.spent_satang) == (
        7,
        5,
        9_600_000,
        7_200_000,
    )
    assert (report.spent_satang, report.budget_satang) == (7_200_000, 10_000_000)


def test_what_was_accepted_before_the_period_is_neither_paid_again_nor_open() -> None:
    report = made(lines=(LineFact("AL-1", "round", "cpm3", "tv", "new", "purchase", 4, 1, 2_400_000, before=2),))
    (kind,), (project,) = report.allocation, report.projects
    assert (kind.bought, kind.open, kind.value_satang) == (1, 1, 2_400_000)
    assert (project.accepted, project.spent_satang, report.spent_satang) == (1, 2_400_000, 2_400_000)


def test_a_purchase_is_paid_once() -> None:
    bought = (
        PurchaseFact("PR-3", "paper", 50_000),
        PurchaseFact("PR-1", "lamp", 90_000, "repair"),
        PurchaseFact("PR-2", "TVs", 2_400_000, "allocation"),
    )
    report = made(purchases=bought)
    assert [(each.number, each.counted) for each in report.purchases] == [
        ("PR-1", "repair"),
        ("PR-2", "allocation"),
        ("PR-3", ""),
    ]
    assert report.spent_satang == 50_000


def test_ratings_have_a_mean_and_a_deviation() -> None:
    (line,) = made(ratings=(RatingFact("repair", 5), RatingFact("repair", 4), RatingFact("repair", 3))).ratings
    assert (line.mean, round(line.deviation, 4), line.count) == (4.0, 0.8165, 3)


def test_open_needs_are_counted_by_kind() -> None:
    needs = (NeedFact("tv", "replace", 100), NeedFact("tv", "repair", 5), NeedFact("dish", "watch", None))
    assert [
        (each.kind, each.replace, each.repair, each.watch, each.price_satang) for each in made(needs=needs).needs
    ] == [
        ("tv", 1, 1, 0, 100),
        ("dish", 0, 0, 1, 0),
    ]
