"""Needs and prices for the pages, and the hook by which a repair opens a need."""

from collections.abc import Callable, Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from hub.core.assets import ASSET_KINDS
from hub.core.needs import Need
from hub.core.people import Principal
from hub.needs.prices import Price, PriceFlaw, make_price
from hub.needs.settings import NeedSettings
from hub.office.price_lists import PriceLists
from hub.sheets.writing import Value, write_csv, write_workbook
from hub.store.assets import AssetRows
from hub.store.kept_needs import KeptNeeds
from hub.store.needs import NeedRows, Place, Weighing
from hub.store.prices import PriceRows
from hub.store.repairs import RepairRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.workflows.request import Step

_UNKNOWN = "other"


class Needs:
    """Fills the port NeedPages of hub.web.need_pages."""

    def __init__(
        self, store: Store, settings: NeedSettings, zone: ZoneInfo, clock: Callable[[], int], kept: KeptNeeds
    ) -> None:
        self.settings = settings
        self._store, self._zone, self._clock, self._kept = store, zone, clock, kept
        self.price_lists = PriceLists(store, clock)

    def weighing(self, groups: Collection[str] | None) -> Weighing:
        return Weighing(self.settings, self._clock(), self._zone, groups)

    def all(self, groups: Collection[str] | None = None) -> Sequence[Need]:
        """In their rank; groups: None: of every district."""
        with self._store.reading() as connection:
            return self._kept.all(connection, self.weighing(groups))

    def of_asset(self, asset_id: int) -> Need | None:
        with self._store.reading() as connection:
            asset = AssetRows(connection).get(asset_id)
            return None if asset is None else NeedRows(connection).of_asset(asset, self.weighing(None))

    def years(self) -> Sequence[int]:
        with self._store.reading() as connection:
            return PriceRows(connection).years()

    def prices(self, year: int) -> Sequence[Price]:
        with self._store.reading() as connection:
            return PriceRows(connection).of_year(year)

    def put_price(self, year: int, told: Mapping[str, str], who: Principal, seen: str | None = None) -> bool:
        """Whether anything changed. Raises PriceFlaw."""
        price = make_price(told, ASSET_KINDS)
        with self._store.begin() as work:
            rows = PriceRows(work.connection)
            now = next((each for each in rows.of_year(year) if each.kind == price.kind), None)
            if seen is not None and seen != ("" if now is None else now.seal) and price != now:
                raise PriceFlaw("price", "stale")
            return bool(rows.put(year, [price], who, self._clock()))

    def remove_price(self, year: int, kind: str, who: Principal) -> bool:
        with self._store.begin() as work:
            return PriceRows(work.connection).remove(year, kind, who, self._clock())

    def export_prices(
        self, year: int, kind: str, title: str, heading: Sequence[str], kinds: Mapping[str, str]
    ) -> bytes:
        """As it can be taken over again. kind: csv or xlsx; kinds: words of each; without prices, rows to fill in."""
        rows: list[list[Value]] = [
            [kinds.get(each.kind, each.kind), each.name, each.price_satang / 100, each.source]
            for each in self.prices(year)
        ]
        return write_csv(heading, rows) if kind == "csv" else write_workbook(title, heading, rows)


def needs_hook(work: UnitOfWork, step: Step) -> None:
    """`open_need`: what a repair gave up is needed. By the asset of the repair, else by what its agent says of the device."""
    request = step.request
    repair = RepairRows(work.connection).get(request.number)
    asset = AssetRows(work.connection).get(repair.asset) if repair is not None and repair.asset is not None else None
    device = repair.spot.device.device if repair is not None and repair.spot is not None else None
    if asset is not None:
        place = Place(asset.group, asset.school, asset.kind, asset.device, asset.id)
    else:
        kind = (device or "").rpartition("-")[2]
        place = Place(request.group or "", request.school or "", kind if kind in ASSET_KINDS else _UNKNOWN, device)
    NeedRows(work.connection).open(place, request.number, step.entry.at)
