"""Workbooks of a survey: all that was answered, and the link of each school."""

from collections.abc import Sequence

from hub.sheets.writing import Sheet as Worksheet
from hub.sheets.writing import write_sheets, write_workbook
from hub.surveys.schema import Definition
from hub.surveys.sheet import Sheet
from hub.surveys.tabulating import tabulated
from hub.web.language import Language, load_languages

_DIFFERENCE = ("question", "row", "column", "known", "said")


def answers_book(definition: Definition, sheets: Sequence[Sheet], language: str) -> bytes:
    """A line a school, a line a row of the main table, a line a difference."""
    words = load_languages()[language]
    tables = tabulated(definition, sheets, language)
    heading, lines = tables.schools
    named = (*_school(words), words.gettext("survey.col.state"), words.gettext("survey.col.by"))
    stands = [
        (each.school, each.name, words.gettext(f"sheet.{each.state.value}"), each.answered_name) for each in sheets
    ]
    schools = [(*place, *line) for place, line in zip(stands, lines, strict=True)]
    books = [Worksheet(words.gettext("survey.book.schools"), (*named, *heading), schools)]
    if tables.rows is not None:
        heading, rows = tables.rows
        books.append(Worksheet(words.gettext("survey.book.lines"), (*_school(words), *heading), rows))
    heading = tuple(words.gettext(f"difference.{each}") for each in _DIFFERENCE)
    books.append(Worksheet(words.gettext("survey.book.differences"), (*_school(words), *heading), tables.differences))
    return write_sheets(books)


def links_book(sheets: Sequence[Sheet], base: str, language: str) -> bytes:
    """To be sent to the schools."""
    words = load_languages()[language]
    heading = (*_school(words), words.gettext("survey.col.link"), words.gettext("survey.col.state"))
    rows = [
        (each.school, each.name, f"{base}/s/{each.token}", words.gettext(f"sheet.{each.state.value}"))
        for each in sheets
    ]
    return write_workbook(words.gettext("survey.book.links"), heading, rows)


def _school(words: Language) -> tuple[str, str]:
    return words.gettext("survey.col.code"), words.gettext("survey.col.school")
