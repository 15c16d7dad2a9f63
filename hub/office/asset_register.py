"""The register of assets put together for its pages."""

from collections.abc import Callable

from hub.office.asset_lists import AssetFiles
from hub.office.asset_lists import Letterhead as Stickers
from hub.office.asset_look import AssetShelf
from hub.office.asset_papers import AssetPapers
from hub.office.assets import AssetDesk
from hub.office.papers import Letterhead, Papers
from hub.store.unit_of_work import Store
from hub.web.asset_pages import AssetPages


def make_assets(store: Store, head: Letterhead, clock: Callable[[], int]) -> AssetPages:
    look = AssetShelf(store)
    return AssetPages(
        look,
        AssetDesk(store, clock, head.zone),
        AssetFiles(store, Stickers(head.office.name or head.name, head.base), clock, head.zone),
        # Papers of requests are printed elsewhere: none of their types is needed.
        AssetPapers(look, Papers(store, head, {}), head),
    )
