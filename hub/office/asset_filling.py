"""What agents say of themselves and their devices, put into the register where nobody wrote anything; a conflict where they did.

Runs at the hub's tick: compares all births with the register now and then, and writes only what differs.
"""

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from hub.assets.filling import SAID, Weighed, said_of, taken_over, weighed
from hub.assets.refusals import AssetWrong, Fault
from hub.core.assets import ASSET_KINDS, Asset, AssetRefused, Deed
from hub.core.equipment import DeviceKey
from hub.core.people import Principal
from hub.store.asset_views import AssetLook, Found, all_conflicts, births_of, keep_register, note_conflicts, reported
from hub.store.assets import AssetRows
from hub.store.gently import Gently
from hub.store.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)
EVERY_MS = 60_000
_AT_ONCE = 50
_AGENT = "agent"
_Thing = TypeVar("_Thing")


class Filling:
    """Looks at everything now and then, and works off what it found in short transactions: nobody waits for it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked = 0
        self._ahead: deque[int] = deque()

    def tick(self, now: int) -> int:
        """How many assets it learnt something of."""
        if not self._ahead:
            if 0 <= now - self._looked < EVERY_MS:
                return 0
            self._looked = now
            self._ahead.extend(_to_learn(self._store))
            if not self._ahead:
                return 0
        some = [self._ahead.popleft() for _ in range(min(_AT_ONCE, len(self._ahead)))]
        with self._store.begin() as work:
            found = [AssetRows(work.connection).get(asset_id) for asset_id in some]
            return sum(weigh_one(work, each, now) for each in found if each is not None)


def _to_learn(store: Store) -> Iterator[int]:
    """Assets of which something would change."""
    with store.reading() as connection:
        known = all_conflicts(connection)
        heard = list(_gently(reported(connection)))
    for asset, own, of_node in _gently(heard):
        judged = weighed(asset, said_of(asset.device or "", own, of_node))
        settled = known.pop(asset.id, {}) == judged.conflicts
        if judged.asset != asset or not settled:
            yield asset.id
    # No agent reports these any more.
    yield from known


def _gently(each: Iterable[_Thing]) -> Iterator[_Thing]:
    """All assets of a district take a tenth of a second."""
    work = Gently()
    for thing in each:
        work.rest()
        yield thing


def weigh_one(work: UnitOfWork, asset: Asset, now: int) -> bool:
    """Put what its agent says into it, in the caller's transaction. Whether anything came of it."""
    connection = work.connection
    found = births_of(connection, asset)
    if found is None:
        return bool(note_conflicts(connection, asset.id, {}, now))
    said = said_of(asset.device or "", *found)
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
