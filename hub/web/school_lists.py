"""The port by which pages take over a list of schools: sent, looked through, confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.core.people import Principal
from hub.schools.changes import Changes
from hub.schools.records import SchoolList

MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A file for a group, as it came."""

    group: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is wrong with the file as a whole: `sheet.<code>` in the catalogues, and a number or word for it."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would change. `seal` stands for exactly this; `at`: when it was sent."""

    group: str
    name: str
    at: int
    listed: SchoolList
    changes: Changes
    seal: str


class SchoolLists(Protocol):
    """What a person sent waits for them, and for nobody else."""

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None:
        """Take it in, in place of an earlier one. What cannot be read is not kept."""

    def waiting(self, who: Principal, now: int) -> Preview | None: ...

    def take_over(self, seal: str, who: Principal, now: int) -> Changes | None:
        """What waits, all of it; it waits no more. None, and nothing changed: nothing waits, or it would change other things."""

    def drop(self, who: Principal) -> None: ...

    def export(self, group: str, kind: str, headings: Mapping[str, str]) -> bytes:
        """The register as `csv` or `xlsx`. headings: what each of FIELDS is called."""

    def template(self, title: str, headings: Mapping[str, str]) -> bytes:
        """An empty workbook to be filled in."""
