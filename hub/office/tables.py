"""Lists as files: an Excel workbook, or CSV."""

from collections.abc import Iterable, Sequence

from hub.sheets.writing import write_csv, write_workbook
from hub.web.table_pages import Cell


class Tables:
    """Fills hub.web.table_pages.TablePages."""

    def written(self, kind: str, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
        return write_csv(heading, rows) if kind == "csv" else write_workbook(title, heading, rows)
