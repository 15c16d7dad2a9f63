"""Telemetry confirms what was sent: the agent of the school hears it, by its serial number or as something new there.

A repair is confirmed when its device is heard again and has no open fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from zoneinfo import ZoneInfo

from hub.allocation.lines import Line, Stage, Work
from hub.allocation.rounds import LineEntry
from hub.core.people import Role
from hub.office.carrying_out import LOOKS_BACK_MS, CarryingOut, first_noted, is_well
from hub.store.allocation import AllocationRows
from hub.store.asset_records import AssetRecords, read_records
from hub.store.assets import AssetRows
from hub.store.messages import Param, tell
from hub.store.newcomers import Newcomer, confirmed, heard_at
from hub.store.unit_of_work import Store, UnitOfWork

_ACCEPT = (Role.GROUP_HEAD.value, Role.SUPPLY.value)
_Place = tuple[str, str]


def confirm(store: Store, zone: ZoneInfo, now: int) -> int:
    """All lines that are on their way. How many pieces were seen. Nobody who writes waits while nothing was."""
    with store.reading() as connection:
        # Looking writes nothing.
        if not _seen(UnitOfWork(connection), zone, now):
            return 0
    with store.begin() as work:
        return confirm_in(work, zone, now)


def confirm_in(work: UnitOfWork, zone: ZoneInfo, now: int) -> int:
    """In somebody's transaction."""
    carrying, seen = CarryingOut(work, zone, now), _seen(work, zone, now)
    for line, devices in seen:
        done = line
        for found in devices:
            done = carrying.see(done, _params(found))
            _tell(work, done, found, now)
    return sum(len(devices) for _, devices in seen)


def _seen(work: UnitOfWork, zone: ZoneInfo, now: int) -> list[tuple[Line, tuple[Newcomer, ...]]]:
    """Lines on their way of which something has come, with what."""
    lines = [line for line in AllocationRows(work.connection).carried_out() if _awaited(line)]
    if not lines:
        return []
    look = _Look(work, heard_at(work.connection, ((line.group, line.school) for line in lines)), zone, now)
    seen = [(line, tuple(look.at(line))) for line in lines]
    return [(line, devices) for line, devices in seen if devices]


def _awaited(line: Line) -> int:
    """Pieces that are on their way, or are being repaired."""
    return line.reached(Stage.RESERVED if line.work is Work.REPAIR else Stage.DISPATCHED) - line.reached(
        Stage.INSTALLED
    )


class _Look:
    """One look at all schools: it decides, and writes nothing."""

    def __init__(self, work: UnitOfWork, heard: Mapping[_Place, list[Newcomer]], zone: ZoneInfo, now: int) -> None:
        self._work, self._zone, self._now = work, zone, now
        self._assets, self._rows, self._heard = AssetRows(work.connection), AllocationRows(work.connection), heard
        self._told = set(confirmed(work.connection))
        self._histories: dict[str, Mapping[int, Sequence[LineEntry]]] = {}

    @cached_property
    def _records(self) -> AssetRecords:
        return read_records(self._work.connection, self._now - LOOKS_BACK_MS, self._now, self._zone)

    def at(self, line: Line) -> Iterator[Newcomer]:
        """What has come of this line."""
        if line.work is Work.REPAIR:
            yield from self._repaired(line)
            return
        for _ in range(_awaited(line)):
            found = self._arrived(line)
            if found is None:
                return
            self._told.add(_name(found))
            yield found

    def _arrived(self, line: Line) -> Newcomer | None:
        there = [each for each in self._heard.get((line.group, line.school), []) if _name(each) not in self._told]
        if line.serials or not there:
            return next((each for each in there if each.serial in line.serials), None)
        sent_at, old = self._sent_at(line), self._old(line)
        return next((each for each in there if each.kind == line.kind and _is_new(each, sent_at, old)), None)

    def _old(self, line: Line) -> tuple[str | None, str]:
        """Key and serial number of what is replaced, as they were when the new one was sent."""
        asset = self._assets.get(line.asset) if line.asset is not None else None
        sent = first_noted(self._history(line), "line.dispatched")
        return None if asset is None else asset.device, str(sent.get("old_serial") or "")

    def _sent_at(self, line: Line) -> int:
        return min((each.at for each in self._history(line) if each.text.code == "line.dispatched"), default=0)

    def _history(self, line: Line) -> Sequence[LineEntry]:
        """A round's is read once: it grows with its lines, and each of them asks for it."""
        if line.round not in self._histories:
            self._histories[line.round] = self._rows.history(line.round)
        return self._histories[line.round].get(line.id, ())

    def _repaired(self, line: Line) -> Iterator[Newcomer]:
        asset = self._assets.get(line.asset) if line.asset is not None else None
        if not _awaited(line) or not first_noted(self._history(line), "line.reserved").get("was_broken"):
            return
        if asset is None or asset.device is None or not is_well(asset, self._records):
            return
        there = self._heard.get((line.group, line.school), [])
        yield from [each for each in there if (each.node, each.device) == (asset.node_name, asset.device)][:1]


def _tell(work: UnitOfWork, line: Line, found: Newcomer, now: int) -> None:
    """Those who accept it."""
    params: dict[str, Param] = {
        "number": line.round,
        "line": line.place,
        "school": line.school,
        "device": found.device,
    }
    tell(
        work.connection,
        "allocation.seen",
        {**params, "path": f"/allocation/{line.round}#line-{line.id}"},
        _ACCEPT,
        now,
        group=line.group,
        school=line.school,
        key=f"allocation:{line.id}:{line.reached(Stage.INSTALLED)}",
    )


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
