"""What of a report stands on its papers."""

import pytest

from hub.office.report_cells import Wording
from hub.office.report_papers import paper_values
from hub.reports.facts import Facts, RoomMonth, SchoolFact
from hub.reports.making import make_report
from hub.reports.period import read_period
from hub.reports.report import Report
from hub.reports.settings import ReportSettings


def made(*known: str) -> Report:
    rooms = tuple(RoomMonth("cpm3", "1", "x", month, 1000.0, 600.0) for month in known)
    facts = Facts(schools=(SchoolFact("cpm3", "1", "a", 64),), rooms=rooms)
    return make_report(read_period("2570-q1"), ["cpm3"], facts, ReportSettings(), 0)


@pytest.mark.parametrize("form", ["F17", "F19"])
@pytest.mark.parametrize(
    ("known", "first"), [(("2569-12",), "ธ.ค. 2569"), (("2569-10", "2569-12"), "ต.ค. 2569"), ((), "ต.ค. 2569")]
)
def test_the_months_of_a_paper_begin_where_something_is_known(form: str, known: tuple[str, ...], first: str) -> None:
    months = paper_values(form, made(*known), Wording({}))["months"]
    assert (months[0]["month"], months[-1]["month"]) == (first, "ธ.ค. 2569")


def test_an_evaluation_says_nothing_of_what_nobody_measured() -> None:
    summary = paper_values("F19", made(), Wording({}))["summary"]
    assert "–" not in summary
    assert "ยังไม่ได้วัด" in summary
    assert "สาเหตุ" not in summary


def test_an_annual_report_leaves_obstacles_to_the_pen_where_no_lesson_was_lost() -> None:
    report = make_report(read_period("2570"), ["cpm3"], Facts(schools=()), ReportSettings(), 0)
    assert "obstacles" not in paper_values("F28", report, Wording({}))
