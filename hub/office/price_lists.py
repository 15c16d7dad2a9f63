"""Price lists that somebody sent: looked through before they take the place of anything."""

from collections.abc import Callable, Mapping

from hub.core.assets import ASSET_KINDS
from hub.core.people import Principal
from hub.needs.prices import PriceChange, PricePreview, PriceSheet, read_prices
from hub.sheets.errors import SheetMistake
from hub.sheets.rows import read_rows
from hub.store.prices import PriceRows
from hub.store.unit_of_work import Store
from hub.store.uploads import Upload, Uploads

_SHELF = "prices"


class PriceLists:
    """Fills the port PriceListPages of hub.web.need_pages. kinds: what a cell may say in words, to its code."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store, self._clock, self._uploads = store, clock, Uploads(store, _SHELF)

    def keep(
        self, year: int, name: str, data: bytes, kinds: Mapping[str, str], who: Principal
    ) -> PriceSheet | str | None:
        """Mistakes, or a text: why the file cannot be read; then it is not kept."""
        try:
            sheet = _read(data, kinds)
        except SheetMistake as mistake:
            return mistake.code
        if sheet.mistakes:
            return sheet
        self._uploads.keep(who, Upload(str(year), name, data, self._clock()))
        return None

    def waiting(self, kinds: Mapping[str, str], who: Principal) -> PricePreview | None:
        found = self._uploads.of(who, self._clock())
        if found is None:
            return None
        with self._store.reading() as connection:
            return _preview(PriceRows(connection), found, kinds)

    def take_over(self, seal: str, kinds: Mapping[str, str], who: Principal) -> int | None:
        """How many prices changed; None: the list would change something else by now, or there is none."""
        found = self._uploads.of(who, self._clock())
        if found is None:
            return None
        with self._store.begin() as work:
            rows = PriceRows(work.connection)
            preview = _preview(rows, found, kinds)
            if preview.seal != seal:
                return None
            changed = rows.put(preview.year, [each.then for each in preview.changes], who, self._clock())
        self._uploads.drop(who)
        return changed

    def drop(self, who: Principal) -> None:
        self._uploads.drop(who)


def _read(data: bytes, kinds: Mapping[str, str]) -> PriceSheet:
    """Raises SheetMistake."""
    known = {**{kind: kind for kind in ASSET_KINDS}, **kinds}
    return read_prices([(row.number, row.cells) for row in read_rows(data)], known)


def _preview(rows: PriceRows, found: Upload, kinds: Mapping[str, str]) -> PricePreview:
    year, sheet = int(found.group), _read(found.data, kinds)
    known = {each.kind: each for each in rows.of_year(year)}
    changes = [PriceChange(known.get(each.kind), each) for each in sheet.prices if known.get(each.kind) != each]
    return PricePreview(year, found.name, found.at, tuple(changes), len(sheet.prices) - len(changes))
