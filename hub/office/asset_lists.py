"""Lists of assets: sent, compared with the register, taken over; the register as a file; and sheets of stickers."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.assets.asking import Wanted
from hub.assets.changes import Changes, cells, compare, told, written_changes
from hub.assets.fields import FIELDS, written
from hub.assets.reading import read_assets
from hub.assets.records import AssetList
from hub.assets.vocabulary import vocabulary
from hub.core.assets import Asset, Deed
from hub.core.people import Principal
from hub.documents.stickers import Sticker, print_stickers
from hub.sheets.errors import SheetMistake
from hub.sheets.rows import read_rows
from hub.sheets.writing import write_csv, write_workbook
from hub.store.asset_views import AssetLook
from hub.store.assets import AssetRows
from hub.store.audit import AuditRows
from hub.store.unit_of_work import Store
from hub.store.uploads import Upload, Uploads
from hub.web.asset_pages import AssetPreview
from hub.web.school_lists import Sent, Unreadable

MOST_STICKERS = 960
_MOST_EXPORTED = 20_000
_SPARE_ROWS = 1000
_SHELF = "assets"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """office  its name; base  what stands before the path of a link"""

    office: str
    base: str


class AssetFiles:
    def __init__(self, store: Store, head: Letterhead, clock: Callable[[], int], zone: ZoneInfo) -> None:
        self._store, self._head, self._clock, self._zone = store, head, clock, zone
        self._uploads = Uploads(store, _SHELF)

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None:
        try:
            read_list(sent.data)
        except SheetMistake as mistake:
            return Unreadable(mistake.code, mistake.detail)
        self._uploads.keep(who, Upload(sent.group, sent.name, sent.data, now))
        return None

    def waiting(self, who: Principal, now: int) -> AssetPreview | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        listed = read_list(found.data)
        changes = self.preview(found.group, listed, who)
        return AssetPreview(found.group, found.name, found.at, listed, changes, seal(changes))

    def preview(self, group: str, listed: AssetList, who: Principal) -> Changes:
        """What the list would change."""
        with self._store.reading() as connection:
            return self._compared(AssetRows(connection), AssetLook(connection, who.groups), group, listed)

    def take_over(self, seal: str, who: Principal, now: int) -> Changes | None:
        found = self._uploads.of(who, now)
        if found is None:
            return None
        changes = self.apply(found.group, read_list(found.data), seal, who)
        if changes is not None:
            self._uploads.drop(who)
        return changes

    def apply(self, group: str, listed: AssetList, seen: str, who: Principal) -> Changes | None:
        """All of it or nothing. seen  seal of the changes that somebody looked at; None where they would be others now"""
        now = self._clock()
        with self._store.begin() as work:
            rows = AssetRows(work.connection)
            changes = self._compared(rows, AssetLook(work.connection, who.groups), group, listed)
            if changes.mistakes or seal(changes) != seen:
                return None
            _write(rows, changes, Deed("imported", who.label, who.name, now))
            AuditRows(work.connection).write(who, "assets.imported", f"group:{group}", dict(told(changes)), now)
        return changes

    def drop(self, who: Principal) -> None:
        self._uploads.drop(who)

    def export(self, who: Principal, wanted: Wanted, kind: str, language: str) -> bytes:
        with self._store.reading() as connection:
            found = AssetLook(connection, who.groups).some(wanted, _MOST_EXPORTED)
        rows = [cells(asset, school_name, language) for asset, school_name in found]
        heading = headings(language)
        return write_csv(heading, rows) if kind == "csv" else write_workbook("assets", heading, rows)

    def template(self, language: str) -> bytes:
        return write_workbook("assets", headings(language), [], spare_rows=_SPARE_ROWS)

    def stickers(self, who: Principal, ids: Sequence[int] | Wanted, language: str) -> bytes:
        with self._store.reading() as connection:
            look = AssetLook(connection, who.groups)
            found = look.some(ids, MOST_STICKERS) if isinstance(ids, Wanted) else look.picked(ids[:MOST_STICKERS])
        stickers = [self._sticker(asset, school_name, language) for asset, school_name in found]
        return print_stickers(stickers, office=self._head.office, language=language)

    def _sticker(self, asset: Asset, school_name: str, language: str) -> Sticker:
        name = asset.name or vocabulary().word("kind", asset.kind, language)
        link = f"{self._head.base}/e/{asset.token}"
        return Sticker(asset.number, name, school_name or asset.school, asset.room, link)

    def _compared(self, rows: AssetRows, look: AssetLook, group: str, listed: AssetList) -> Changes:
        today = datetime.fromtimestamp(self._clock() / 1000, self._zone).date()
        schools = {key.partition("/")[2] for key in look.schools() if key.startswith(f"{group}/")}
        return compare(group, rows.all([group]), listed, schools, today)


def read_list(data: bytes) -> AssetList:
    """Raises SheetMistake."""
    return read_assets([(row.number, row.cells) for row in read_rows(data)])


def headings(language: str) -> list[str]:
    words = vocabulary()
    found: Mapping[str, str] = {name: each.of(language) for name, each in words.columns.items()}
    heading = list(found.values())
    heading.insert(list(found).index("school") + 1, words.shown["school_name"].of(language))
    return heading


def seal(changes: Changes) -> str:
    """A digest of what would be written, and of what it would take the place of."""
    new = [[written(name, each, "en") for name in FIELDS] for each in changes.new]
    changed = [(each.now.id, each.now.version, *written_changes(each, "en")) for each in changes.changed]
    return hashlib.sha256(json.dumps([new, changed]).encode()).hexdigest()


def _write(rows: AssetRows, changes: Changes, deed: Deed) -> None:
    """What agents say of them comes with the next tick: the transaction is to be short."""
    for each in changes.changed:
        rows.change(each.then, deed)
    rows.add_all(changes.new, deed)
