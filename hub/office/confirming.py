"""Telemetry confirms what was sent: the agent of the school hears it, by its serial number or as something new there.

A repair is confirmed when its device is heard again and has no open fault.
"""

from collections.abc import Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

from hub.allocation.lines import Line, Stage, Work
from hub.core.people import Role
from hub.office.carrying_out import LOOKS_BACK_MS, CarryingOut, is_well
from hub.store.allocation import AllocationRows
from hub.store.asset_records import AssetRecords, read_records
from hub.store.assets import AssetRows
from hub.store.messages import Param, tell
from hub.store.newcomers import Newcomer, confirmed, heard_at
from hub.store.unit_of_work import Store, UnitOfWork

_ACCEPT = (Role.GROUP_HEAD.value, Role.SUPPLY.value)
_Place = tuple[str, str]


def confirm(store: Store, zone: ZoneInfo, now: int) -> int:
    """All lines that are on their way. How many pieces were seen."""
    with store.reading() as connection:
        waiting = any(map(_awaited, AllocationRows(connection).carried_out()))
    if not waiting:
        return 0
    with store.begin() as work:
        return confirm_in(work, zone, now)


def confirm_in(work: UnitOfWork, zone: ZoneInfo, now: int) -> int:
    """In somebody's transaction."""
    lines = [line for line in AllocationRows(work.connection).carried_out() if _awaited(line)]
    if not lines:
        return 0
    heard = heard_at(work.connection, ((line.group, line.school) for line in lines))
    look = _Look(work, heard, zone, now)
    return sum(look.at(line) for line in lines)


def _awaited(line: Line) -> bool:
    """Pieces are on their way, or a repair is going on."""
    reached = line.reached(Stage.RESERVED if line.work is Work.REPAIR else Stage.DISPATCHED)
    return reached > line.reached(Stage.INSTALLED)


class _Look:
    """One look at all schools."""

    def __init__(self, work: UnitOfWork, heard: Mapping[_Place, list[Newcomer]], zone: ZoneInfo, now: int) -> None:
        self._carrying, self._assets = CarryingOut(work, zone, now), AssetRows(work.connection)
        self._rows, self._heard = AllocationRows(work.connection), heard
        self._told = set(confirmed(work.connection))
        self._work, self._zone, self._now = work, zone, now

    @cached_property
    def _records(self) -> AssetRecords:
        return read_records(self._work.connection, self._now - LOOKS_BACK_MS, self._now, self._zone)

    def at(self, line: Line) -> int:
        if line.work is Work.REPAIR:
            return self._repaired(line)
        seen = 0
        while _awaited(line):
            found = self._arrived(line)
            if found is None:
                break
            self._told.add(_name(found))
            line = self._see(line, found)
            seen += 1
        return seen

    def _arrived(self, line: Line) -> Newcomer | None:
        there = [each for each in self._heard.get((line.group, line.school), []) if _name(each) not in self._told]
        if line.serials:
            return next((each for each in there if each.serial in line.serials), None)
        sent_at, old = self._sent_at(line), self._old(line)
        return next((each for each in there if each.kind == line.kind and _is_new(each, sent_at, old)), None)

    def _old(self, line: Line) -> tuple[str | None, str]:
        """Key and serial number of what is replaced, as they were when the new one was sent."""
        asset = self._assets.get(line.asset) if line.asset is not None else None
        return None if asset is None else asset.device, str(self._carrying.sent(line).get("old_serial") or "")

    def _sent_at(self, line: Line) -> int:
        entries = self._rows.history(line.round).get(line.id, ())
        return min((each.at for each in entries if each.text.code == "line.dispatched"), default=0)

    def _repaired(self, line: Line) -> int:
        asset = self._assets.get(line.asset) if line.asset is not None else None
        if not self._carrying.sent(line, "line.reserved").get("was_broken"):
            return 0
        if asset is None or asset.device is None or not is_well(asset, self._records):
            return 0
        there = self._heard.get((line.group, line.school), [])
        found = next((each for each in there if (each.node, each.device) == (asset.node_name, asset.device)), None)
        if found is None:
            return 0
        self._see(line, found)
        return 1

    def _see(self, line: Line, found: Newcomer) -> Line:
        """And tell those who accept it."""
        done = self._carrying.see(line, _params(found))
        pieces = done.reached(Stage.INSTALLED)
        params: dict[str, Param] = {
            "number": line.round,
            "line": line.place,
            "school": line.school,
            "device": found.device,
        }
        tell(
            self._work.connection,
            "allocation.seen",
            {**params, "path": f"/allocation/{line.round}#line-{line.id}"},
            _ACCEPT,
            self._now,
            group=line.group,
            school=line.school,
            key=f"allocation:{line.id}:{pieces}",
        )
        return done


def _is_new(device: Newcomer, sent_at: int, old: tuple[str | None, str]) -> bool:
    """Heard for the first time since it was sent; or in the place of the old one, with another serial number."""
    if device.first_at is not None and device.first_at >= sent_at:
        return True
    key, serial = old
    return device.device == key and bool(serial and device.serial) and device.serial != serial


def _name(device: Newcomer) -> tuple[str, str, str, str]:
    return device.group, device.node, device.device, device.serial


def _params(device: Newcomer) -> Mapping[str, str]:
    return {
        "group": device.group,
        "node": device.node,
        "device": device.device,
        "serial": device.serial,
        "profile": device.profile,
        "room": device.room,
    }
