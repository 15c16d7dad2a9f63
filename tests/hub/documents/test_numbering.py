"""Numbers of papers run within a fiscal year."""

from datetime import date

import pytest

from hub.documents.numbering import PaperNumber, fiscal_year


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 11, 20), 2570), (date(2026, 9, 30), 2569), (date(2026, 10, 1), 2570)]
)
def test_a_fiscal_year_begins_in_october_and_is_named_by_its_end(day: date, year: int) -> None:
    assert fiscal_year(day) == year


def test_the_first_paper_of_all_is_number_one() -> None:
    assert str(PaperNumber.after(None, date(2026, 11, 20))) == "1/2570"


def test_numbers_go_on_within_a_year_and_begin_anew_with_the_next() -> None:
    last = PaperNumber(2569, 411)
    assert str(PaperNumber.after(last, date(2026, 9, 30))) == "412/2569"
    assert str(PaperNumber.after(last, date(2026, 10, 1))) == "1/2570"
