"""What agents say of themselves and their devices, put into the register where nobody wrote anything; a conflict where they did.

Runs at the hub's tick: reads the properties of all births now and then, and works only on what has changed since.
"""

import json
import logging
from dataclasses import replace

from hub.assets.filling import SAID, Weighed, said_of, taken_over, weighed
from hub.assets.refusals import AssetWrong, Fault
from hub.core.assets import ASSET_KINDS, Asset, AssetRefused, Deed
from hub.core.equipment import DeviceKey
from hub.core.people import Principal
from hub.store.asset_views import AssetLook, Found, keep_register, note_conflicts, reported
from hub.store.assets import AssetRows
from hub.store.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)
EVERY_MS = 60_000
_AGENT = "agent"


class Filling:
    """Keeps in mind what it has seen: an asset and a birth that are as they were need no second look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[int, tuple[int, int]] = {}
        self._looked = 0

    def tick(self, now: int) -> int:
        """How many assets it learnt something of."""
        if 0 <= now - self._looked < EVERY_MS:
            return 0
        self._looked = now
        with self._store.reading() as connection:
            marks = {each.id: (each.version, _mark(own, of_node)) for each, own, of_node in reported(connection)}
        fresh = [asset_id for asset_id, mark in marks.items() if self._seen.get(asset_id) != mark]
        self._seen = marks
        return sum(self._weigh(asset_id, now) for asset_id in fresh)

    def _weigh(self, asset_id: int, now: int) -> bool:
        with self._store.begin() as work:
            asset = AssetRows(work.connection).get(asset_id)
            return asset is not None and weigh_one(work, asset, now)


def weigh_one(work: UnitOfWork, asset: Asset, now: int) -> bool:
    """Put what its agent says into it, in the caller's transaction. Whether anything came of it."""
    connection = work.connection
    found = next(iter(reported(connection, asset.id)), None) if asset.device is not None else None
    if found is None:
        return bool(note_conflicts(connection, asset.id, {}, now))
    said = said_of(asset.device or "", found[1] or {}, found[2] or {})
    judged = weighed(asset, said)
    filled = _fill(work, asset, judged, now)
    return bool(note_conflicts(connection, asset.id, judged.conflicts, now)) or filled


def settle(work: UnitOfWork, asset: Asset, name: str, said: str, deed: Deed, *, take: bool) -> None:
    """A conflict is decided by somebody who saw `said`. Raises AssetWrong."""
    connection = work.connection
    known = {each.field: each.said for each in AssetLook(connection, None).conflicts(asset.id)}
    if name not in SAID or known.get(name) != said:
        raise AssetWrong(Fault("stale"))
    if take:
        then = AssetRows(connection).change(taken_over(asset, name, said), deed)
        weigh_one(work, then, deed.at)
    else:
        keep_register(connection, asset.id, name, deed.who, deed.at)
        AssetRows(connection).tell(asset.id, replace(deed, what="kept", note=said))


def taken_in(found: Found, who: Principal, now: int) -> tuple[Asset, Deed]:
    """As it stands in the register then."""
    said = dict(said_of(found.key.device, found.own, found.of_node))
    node = found.key.node
    asset = Asset(
        node.group,
        found.kind if found.kind in ASSET_KINDS else "other",
        profile=found.profile,
        school=found.school,
        room=found.room,
        dish=found.dish,
        node="" if node.name == found.school else node.name,
        device=found.key.device,
        told=frozenset(said),
        **said,  # type: ignore[arg-type]
    )
    return asset, Deed("taken_in", who.label, who.name, now)


def the_found(look: AssetLook, key: DeviceKey) -> Found:
    """Raises AssetWrong."""
    found = look.found(1, key)
    if not found:
        raise AssetWrong(Fault("no-such-device", "device"))
    return found[0]


def _fill(work: UnitOfWork, asset: Asset, judged: Weighed, now: int) -> bool:
    if judged.asset == asset:
        return False
    try:
        AssetRows(work.connection).change(judged.asset, Deed("filled", _AGENT, "", now))
    except AssetRefused as refused:
        log.warning("asset %d: what its agent says is not taken over: %s", asset.id, refused)
        return False
    return True


def _mark(own: object, of_node: object) -> int:
    return hash(json.dumps([own, of_node], sort_keys=True))
