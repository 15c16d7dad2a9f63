"""What holds of every asset, and what may become of one. Leaves to the register that a number is there only once."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from hub.core.assets import Asset, AssetState, Disposal

DOUBTS = ("in-the-future", "ends-before", "no-way-to-find")
"""What is possible, but strange; msgids with `asset_flaw.` before them."""


class NotPossible(Exception):
    """A rule of the register says no. code  `asset_flaw.<code>` in the catalogues; field  that is to blame"""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{field}: {code}" if field else code)
        self.code, self.field = code, field


def settled(asset: Asset) -> Asset:
    """As it may stand in the register: what is written off reports nothing, and only that has a disposal."""
    if asset.state is AssetState.WRITTEN_OFF:
        return replace(asset, node="", device=None)
    node = "" if asset.node == asset.school or asset.device is None else asset.node
    return replace(asset, node=node, written_off_on=None, disposal=None)


def elsewhere(now: Asset, then: Asset) -> Asset:
    """At another school the key of a device is another device's: an agent there has to be named anew."""
    same_key = (then.node, then.device) == (now.node, now.device)
    return replace(then, node="", device=None) if then.school != now.school and same_key else then


def require(asset: Asset, schools: Collection[str]) -> None:
    """schools  codes that are known. Raises NotPossible."""
    if not asset.kind:
        raise NotPossible("missing", "kind")
    if asset.school and asset.school not in schools:
        raise NotPossible("no-such-school", "school")
    if asset.device is not None and not asset.school:
        raise NotPossible("device-without-school", "school")
    if asset.state is AssetState.WRITTEN_OFF and asset.disposal is None:
        raise NotPossible("missing", "disposal")


def written_by_people(then: Asset, now: Asset) -> Asset:
    """What the agent had filled and somebody wrote anew is theirs from now on."""
    told = {name for name in then.told if getattr(then, name) == getattr(now, name)}
    return replace(then, told=frozenset(told))


def moved(asset: Asset, school: str, room: str, dish: str = "", state: AssetState = AssetState.IN_USE) -> Asset:
    """It stands elsewhere, where another device is to say who it is. Raises NotPossible."""
    if not asset.is_there:
        raise NotPossible("written-off")
    stays = school == asset.school and room == asset.room
    if stays and state is asset.state and dish == asset.dish:
        raise NotPossible("moves-nowhere", "school")
    there = replace(asset, school=school, room=room, dish=dish, state=state)
    return there if stays else replace(there, node="", device=None)


def written_off(asset: Asset, disposal: Disposal, on: date, note: str, today: date) -> Asset:
    """Raises NotPossible."""
    if not asset.is_there:
        raise NotPossible("written-off")
    if asset.rented_until is not None and asset.rented_until >= today:
        raise NotPossible("rented", "rented_until")
    if on > today:
        raise NotPossible("in-the-future", "written_off_on")
    if asset.acquired_on is not None and on < asset.acquired_on:
        raise NotPossible("before-acquired", "written_off_on")
    if not note:
        raise NotPossible("missing", "note")
    return settled(replace(asset, state=AssetState.WRITTEN_OFF, disposal=disposal, written_off_on=on))


def taken_back(asset: Asset, note: str) -> Asset:
    """It was written off by mistake, or found again. Raises NotPossible."""
    if asset.is_there:
        raise NotPossible("not-written-off")
    if not note:
        raise NotPossible("missing", "note")
    return settled(replace(asset, state=AssetState.IDLE))


def doubts(asset: Asset, today: date) -> Iterator[tuple[str, str]]:
    """(field, code of DOUBTS)"""
    if asset.acquired_on is not None and asset.acquired_on > today + timedelta(days=1):
        yield "acquired_on", "in-the-future"
    for name in ("warranty_until", "rented_until"):
        until = getattr(asset, name)
        if until is not None and asset.acquired_on is not None and until < asset.acquired_on:
            yield name, "ends-before"
    if not (asset.number or asset.serial or asset.id):
        yield "number", "no-way-to-find"
