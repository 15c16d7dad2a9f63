"""Lists of schools for the pages: the port SchoolLists of hub.web, by sheets, register and uploads."""

from collections.abc import Mapping
from dataclasses import astuple

from hub.core.people import Principal
from hub.schools.changes import Changes
from hub.schools.reading import read_schools
from hub.schools.records import FIELDS, SchoolList
from hub.sheets.errors import SheetMistake
from hub.sheets.rows import read_rows
from hub.sheets.writing import write_csv, write_workbook
from hub.store.schools import SchoolRegister, seal
from hub.store.unit_of_work import Store
from hub.store.uploads import Upload, Uploads
from hub.web.school_lists import Preview, Sent, Unreadable

_SPARE_ROWS = 1000


class Lists:
    def __init__(self, store: Store) -> None:
        self._register, self._uploads = SchoolRegister(store), Uploads(store)

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None:
        try:
            read_list(sent.data)
        except SheetMistake as mistake:
            return Unreadable(mistake.code, mistake.detail)
        self._uploads.keep(who, Upload(sent.group, sent.name, sent.data, now))
        return None

    def waiting(self, who: Principal, now: int) -> Preview | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        listed = read_list(found.data)
        changes = self._register.preview(found.group, listed)
        return Preview(found.group, found.name, found.at, listed, changes, seal(changes))

    def take_over(self, seal: str, who: Principal, now: int) -> Changes | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        listed = read_list(found.data)
        changes = None if listed.mistakes else self._register.take_over(found.group, listed, seal, who, now)
        if changes is not None:
            self._uploads.drop(who)
        return changes

    def drop(self, who: Principal) -> None:
        self._uploads.drop(who)

    def export(self, group: str, kind: str, headings: Mapping[str, str]) -> bytes:
        heading = [headings[name] for name in FIELDS]
        rows = [astuple(each) for each in self._register.known(group)]
        return write_csv(heading, rows) if kind == "csv" else write_workbook(group, heading, rows)

    def template(self, title: str, headings: Mapping[str, str]) -> bytes:
        return write_workbook(title, [headings[name] for name in FIELDS], [], spare_rows=_SPARE_ROWS)


def read_list(data: bytes) -> SchoolList:
    """Raises SheetMistake."""
    return read_schools([(row.number, row.cells) for row in read_rows(data)])
