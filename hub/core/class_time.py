"""Class time as those ask for it who count lessons: how much lies between two moments, and on how many days there is any."""

from datetime import date
from typing import Protocol


class ClassTime(Protocol):
    """By school code; each school may have its own calendar."""

    def minutes(self, school: str, start: int, end: int) -> float:
        """Minutes of class between two moments (ms); none where the end is not after the start."""

    def days(self, school: str, first: date, last: date) -> int:
        """Days with class from one to another, both included."""
