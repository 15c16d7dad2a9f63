"""Lists of items: sent, compared with the stock, taken over; and the stock as a file."""

import hashlib
import json
from collections.abc import Callable

from hub.core.people import Principal
from hub.sheets.errors import SheetMistake
from hub.sheets.rows import read_rows
from hub.sheets.writing import write_csv, write_workbook
from hub.store.audit import AuditRows
from hub.store.supply import StockRows
from hub.store.unit_of_work import Store
from hub.store.uploads import Upload, Uploads
from hub.supply.listing import Known, StockChanges, StockList, cells, compare, headings, read_items
from hub.supply.places import ONE_OFFICE, Offices
from hub.supply.stock import Deed, Why
from hub.web.school_lists import Sent, Unreadable
from hub.web.supply_pages import StockPreview

_SHELF = "stock"
_SPARE_ROWS = 500


class StockFiles:
    def __init__(self, store: Store, clock: Callable[[], int], offices: Offices = ONE_OFFICE) -> None:
        self._store, self._clock, self._offices = store, clock, offices
        self._uploads = Uploads(store, _SHELF)

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None:
        try:
            _read(sent.data)
        except SheetMistake as mistake:
            return Unreadable(mistake.code, mistake.detail)
        self._uploads.keep(who, Upload(sent.group, sent.name, sent.data, now))
        return None

    def waiting(self, who: Principal, now: int) -> StockPreview | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        listed = _read(found.data)
        with self._store.reading() as connection:
            changes = compare(_known(StockRows(connection), self._place(found, who)), listed)
        return StockPreview(found.name, found.at, listed, changes, _seal(changes), found.group)

    def take_over(self, seal: str, who: Principal, now: int) -> StockChanges | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        with self._store.begin() as work:
            rows, place = StockRows(work.connection), self._place(found, who)
            changes = compare(_known(rows, place), _read(found.data))
            if changes.mistakes or _seal(changes) != seal:
                return None
            _write(rows, changes, Deed(who.label, who.name, self._clock(), note=found.name), place)
            told = {"new": len(changes.new), "changed": len(changes.changed)}
            AuditRows(work.connection).write(who, "stock.listed", "stock", told, self._clock())
        self._uploads.drop(who)
        return changes

    def drop(self, who: Principal) -> None:
        self._uploads.drop(who)

    def export(self, kind: str, language: str, group: str = "") -> bytes:
        with self._store.reading() as connection:
            rows = [cells(each) for each in _known(StockRows(connection), self._offices.of(group))]
        heading = headings(language)
        return write_csv(heading, rows) if kind == "csv" else write_workbook("stock", heading, rows)

    def _place(self, found: Upload, who: Principal) -> str:
        """The office whose count the list tells. What was sent before somebody was limited otherwise is nobody's."""
        return self._offices.of(found.group if who.groups is None or found.group in who.groups else None)

    def template(self, language: str) -> bytes:
        return write_workbook("stock", headings(language), [], spare_rows=_SPARE_ROWS)


def _read(data: bytes) -> StockList:
    """Raises SheetMistake."""
    return read_items([(row.number, row.cells) for row in read_rows(data)])


def _known(rows: StockRows, place: str) -> tuple[Known, ...]:
    at_office = {each.item: each for each in rows.levels() if each.place == place}
    items = rows.items(all_of_them=True)
    found = ((item, at_office.get(item.code)) for item in items)
    return tuple(Known(item, level.count, level.reserved) if level else Known(item) for item, level in found)


def _seal(changes: StockChanges) -> str:
    """A digest of what would be written, and of what it would take the place of."""
    told = [(each.then.code, each.then.version, each.fields, each.seen, each.count) for each in changes.changes]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _write(rows: StockRows, changes: StockChanges, deed: Deed, place: str) -> None:
    for each in changes.changes:
        if each.is_new:
            rows.add_item(each.then)
        elif each.fields:
            rows.change_item(each.then)
        if each.count is not None:
            rows.count(each.then.code, each.count, each.seen, deed, place=place, why=Why.LISTED)
