"""Numbers of papers: they run within a fiscal year, 123/2570, and begin anew on the first of October."""

from dataclasses import dataclass
from datetime import date

from hub.core.fiscal import fiscal_year


@dataclass(frozen=True, slots=True, order=True)
class PaperNumber:
    """count  from 1 within the fiscal year"""

    year: int
    count: int

    @classmethod
    def after(cls, last: "PaperNumber | None", day: date) -> "PaperNumber":
        """The next one on this day. last: the highest number of this kind of paper."""
        year = fiscal_year(day)
        return cls(year, last.count + 1 if last and last.year == year else 1)

    def __str__(self) -> str:
        return f"{self.count}/{self.year}"
