"""How a school and a district stand in the database, as JSON values.

The state is what the reports up to the judged ones fold to; saved with them in one transaction, it makes a restart invisible.
What the register, the profiles and the settings say is not in it: it is learnt anew at each start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from hub.detection.decline import Declines
from hub.detection.dishes import Dish
from hub.detection.levels import Level
from hub.detection.presence import Presence
from hub.detection.progress import Progress
from hub.detection.rooms import Loss, Use
from hub.detection.site import Site
from hub.detection.sky import SkyState
from hub.detection.view import Learnt, Reading
from hub.detection.world import World

VERSION = 3


@dataclass(slots=True)
class SavedDevice:
    node: str
    key: str
    present: bool
    readings: dict[str, Reading]
    learnt: Learnt
    level: Level | None


@dataclass(slots=True)
class SavedSign:
    node: str
    device: str
    cause: str
    sign: str
    progress: Progress


@dataclass(slots=True)
class SavedSite:
    version: int
    t: int | None
    told_at: int
    devices: list[SavedDevice] = field(default_factory=list)
    signs: list[SavedSign] = field(default_factory=list)
    nodes: dict[str, Presence] = field(default_factory=dict)
    look_at: dict[str, int] = field(default_factory=dict)
    area_at: dict[str, int] = field(default_factory=dict)
    roll_call_at: dict[str, int] = field(default_factory=dict)
    recurring: dict[str, tuple[int, int]] = field(default_factory=dict)
    history: dict[str, int] = field(default_factory=dict)
    dishes: dict[str, Dish] = field(default_factory=dict)
    declines: Declines = field(default_factory=Declines)
    losses: dict[str, Loss] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    dirty: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class SavedDistrict:
    version: int
    t: int | None
    sky: SkyState


_SITE = TypeAdapter(SavedSite)
_DISTRICT = TypeAdapter(SavedDistrict)


def dump_site(site: Site) -> dict[str, Any]:
    """The school as JSON values."""
    attendance, reception = site.attendance, site.reception
    devices = [
        SavedDevice(node, key, each.present, each.readings, each.learnt, each.level)
        for (node, key), each in site.view.devices.items()
        if each.present
        or each.learnt.answered
        or each.readings
        or (each.level is not None and each.level.lost_since is not None)
    ]
    signs = [SavedSign(*device, cause, sign, each) for (device, cause, sign), each in _by_key(site)]
    saved = SavedSite(
        VERSION,
        site.view.t,
        site.told_at,
        devices,
        signs,
        attendance.nodes,
        attendance.look_at,
        attendance.area_at,
        attendance.roll_call_at,
        attendance.recurring,
        attendance.history,
        reception.aerials.dishes,
        reception.diagnosis.declines,
        site.ledger.losses,
        site.ledger.uses,
        site.ledger.dirty,
    )
    dumped: dict[str, Any] = _SITE.dump_python(saved, mode="json")
    return dumped


def _by_key(site: Site) -> list[tuple[tuple[tuple[str, str], str, str], Progress]]:
    return sorted(site.case.signs.items(), key=lambda item: item[0])


def load_site(code: str, state: Mapping[str, Any], world: World) -> Site:
    """The school that `dump_site` wrote; a fresh one where it is of another version."""
    site = Site.fresh(code, world)
    if state.get("version") != VERSION:
        return site
    saved = _SITE.validate_python(state)
    site.view.t, site.told_at, site.ledger.told_until = saved.t, saved.told_at, saved.told_at
    for each in saved.devices:
        device = site.view.device(each.node, each.key)
        device.present, device.readings = each.present, each.readings
        device.learnt, device.level = each.learnt, each.level
    site.case.signs.update({((one.node, one.device), one.cause, one.sign): one.progress for one in saved.signs})
    site.case.refresh()
    attendance, reception = site.attendance, site.reception
    attendance.nodes, attendance.look_at, attendance.area_at = saved.nodes, saved.look_at, saved.area_at
    attendance.roll_call_at = saved.roll_call_at
    attendance.recurring, attendance.history = saved.recurring, saved.history
    reception.aerials.dishes, reception.diagnosis.declines = saved.dishes, saved.declines
    site.ledger.losses, site.ledger.uses, site.ledger.dirty = saved.losses, saved.uses, saved.dirty
    return site


def dump_district(sky: SkyState, t: int | None) -> dict[str, Any]:
    """What the schools of a district have together, as JSON values."""
    dumped: dict[str, Any] = _DISTRICT.dump_python(SavedDistrict(VERSION, t, sky), mode="json")
    return dumped


def load_district(state: Mapping[str, Any] | None) -> tuple[SkyState, int | None]:
    """What `dump_district` wrote; nothing known where it is of another version."""
    if not state or state.get("version") != VERSION:
        return SkyState(), None
    saved = _DISTRICT.validate_python(state)
    return saved.sky, saved.t
