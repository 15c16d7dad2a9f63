"""Headings of lists are known however they are written."""

from hub.core.headings import Headings

HEADINGS = Headings({"code": ["รหัสโรงเรียน"], "name": ["ชื่อ"]}, {"code": ["school code"], "name": ["name"]})


def test_case_spaces_dots_and_underscores_do_not_matter() -> None:
    for cells in (["School Code", "Name "], ["SCHOOL_CODE", "name"], ["รหัส  โรงเรียน", "ชื่อ."]):
        assert HEADINGS.places(cells) == {"code": 0, "name": 1}, cells


def test_of_two_columns_that_are_called_the_same_the_first_counts() -> None:
    assert HEADINGS.places(["", "name", "ชื่อ"]) == {"name": 1}


def test_what_means_nothing_is_told_as_it_is_written() -> None:
    assert HEADINGS.unknown(["name", "", "Favourite Colour"]) == ("Favourite Colour",)
