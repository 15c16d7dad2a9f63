"""The register of assets put together for its pages."""

from collections.abc import Callable

from hub.office.asset_lists import AssetFiles
from hub.office.asset_lists import Letterhead as Stickers
from hub.office.asset_look import AssetShelf
from hub.office.assets import AssetDesk
from hub.office.papers import Letterhead
from hub.store.unit_of_work import Store
from hub.web.asset_pages import AssetPages


def make_assets(store: Store, head: Letterhead, clock: Callable[[], int]) -> AssetPages:
    return AssetPages(
        AssetShelf(store),
        AssetDesk(store, clock, head.zone),
        AssetFiles(store, Stickers(head.office.name or head.name, head.base), clock, head.zone),
    )
