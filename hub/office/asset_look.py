"""What the pages read of the register of assets."""

from collections.abc import Mapping

from hub.assets.asking import Wanted
from hub.assets.filling import said_of
from hub.core.assets import Asset
from hub.core.equipment import DeviceKey
from hub.core.people import Principal
from hub.store.asset_views import AssetLook, Found, births_of, repairs_of
from hub.store.assets import AssetRows
from hub.store.unit_of_work import Store
from hub.web.asset_pages import AssetFile, AssetLine, FoundDevice


class AssetShelf:
    """Each call is one short transaction that writes nothing; whoever asks sees the districts that they may."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def some(self, who: Principal, wanted: Wanted, limit: int, offset: int) -> tuple[tuple[AssetLine, ...], int]:
        with self._store.reading() as connection:
            look = AssetLook(connection, who.groups)
            lines = tuple(AssetLine(*each) for each in look.some(wanted, limit, offset))
            return lines, look.count(wanted)

    def kinds(self, who: Principal) -> tuple[str, ...]:
        with self._store.reading() as connection:
            return AssetLook(connection, who.groups).kinds()

    def schools(self, who: Principal) -> Mapping[str, str]:
        with self._store.reading() as connection:
            return AssetLook(connection, who.groups).schools()

    def one(self, asset_id: int, who: Principal) -> AssetFile | None:
        with self._store.reading() as connection:
            rows, look = AssetRows(connection), AssetLook(connection, who.groups)
            asset = rows.get(asset_id)
            if asset is None or not _may_see(who, asset):
                return None
            return AssetFile(
                asset,
                look.school_name(asset.group, asset.school),
                rows.components(asset_id),
                rows.history(asset_id),
                look.conflicts(asset_id),
                repairs_of(connection, asset),
                heard=births_of(connection, asset) is not None,
            )

    def at(self, key: DeviceKey, who: Principal) -> Asset | None:
        with self._store.reading() as connection:
            found = AssetRows(connection).at(key.node.group, key.node.school, key.device, key.node.name)
        return found if found is not None and _may_see(who, found) else None

    def found(self, who: Principal, limit: int, school: str = "") -> tuple[tuple[FoundDevice, ...], int]:
        with self._store.reading() as connection:
            look = AssetLook(connection, who.groups)
            return tuple(map(_shown, look.found(limit, school_key=school))), look.count_found(school)

    def count_found(self, who: Principal) -> int:
        with self._store.reading() as connection:
            return AssetLook(connection, who.groups).count_found()

    def conflicts(self, who: Principal) -> int:
        with self._store.reading() as connection:
            return AssetLook(connection, who.groups).count(Wanted(state="", conflict=True))


def _may_see(who: Principal, asset: Asset) -> bool:
    return who.groups is None or asset.group in who.groups


def _shown(found: Found) -> FoundDevice:
    said = said_of(found.key.device, found.own, found.of_node)
    return FoundDevice(found.key, found.school, found.school_name, found.kind, found.room, said)
