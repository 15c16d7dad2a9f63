"""Numbers of papers run within a fiscal year."""

from datetime import date

from hub.documents.numbering import PaperNumber


def test_the_first_paper_of_all_is_number_one() -> None:
    assert str(PaperNumber.after(None, date(2026, 11, 20))) == "1/2570"


def test_numbers_go_on_within_a_year_and_begin_anew_with_the_next() -> None:
    last = PaperNumber(2569, 411)
    assert str(PaperNumber.after(last, date(2026, 9, 30))) == "412/2569"
    assert str(PaperNumber.after(last, date(2026, 10, 1))) == "1/2570"
