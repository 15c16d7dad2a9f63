"""The way of a lesson from the dish to the screen, and how each part and each link of it stands, as far as anybody knows.

What works is proven by what comes behind it: a receiver with lock speaks for its dish and its LNB. What nothing speaks for is not
known, which is not broken; broken is what a ticket says. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import HOST
from hub.core.views import Condition, DeviceView, TicketLine
from wire.vocabulary import REACHABLE

DISPLAYS = ("tv", "projector")
WEATHER = frozenset({"rain_fade", "sun_outage", "satellite_outage"})
_OF_LNB, _OF_LINK = frozenset({"lnb_failed"}), frozenset({"tv_no_signal"})
_LOCK, _INPUT = "signal/lock", "input/signal"


class Health(Enum):
    """How a part or a link stands.

    LOST     it is on, and nothing comes through; nobody has said why
    WEATHER  what befalls the sky explains it
    OFF      switched off, so nothing can be told beyond it
    """

    WELL = "well"
    TROUBLE = "trouble"
    WEATHER = "weather"
    LOST = "lost"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the chain. `fault`: the open ticket that says it is broken."""

    health: Health
    device: DeviceView | None = None
    fault: TicketLine | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """What hangs on a dish in one room. `feed`: from the LNB to the receiver; `picture`: from there to the screen."""

    room: str | None
    receiver: Part | None
    display: Part | None
    feed: Health
    picture: Health
    cable_fault: TicketLine | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A dish and what hangs on it. `name`: of the dish, empty where the register has none; `sky`: an incident above it."""

    name: str
    dish: Part
    lnb: Part
    branches: tuple[Branch, ...]
    sky: str | None = None

    @property
    def faults(self) -> tuple[TicketLine, ...]:
        """The open tickets of its parts and links, each once."""
        ends = (part for each in self.branches for part in (each.receiver, each.display) if part is not None)
        found = [part.fault for part in (self.dish, self.lnb, *ends)] + [each.cable_fault for each in self.branches]
        return tuple({each.id: each for each in found if each is not None}.values())

    def of_room(self, room: str | None) -> "Chain":
        """The part of it that leads to a room."""
        own = tuple(each for each in self.branches if each.room == room)
        return Chain(self.name, self.dish, self.lnb, own, self.sky)


def chains_of(
    devices: Iterable[DeviceView], tickets: Iterable[TicketLine], running: Iterable[str], *, seen: bool
) -> tuple[Chain, ...]:
    """By dish. `running`: causes of incidents that are over the school now; `seen`: its computer is heard from."""
    faults = [each for each in tickets if each.open and each.recovered_at is None]
    sky = next((cause for cause in running if cause in WEATHER), None)
    world = _World(faults, sky, seen)
    hung: defaultdict[str, list[Branch]] = defaultdict(list)
    by_room: defaultdict[str | None, list[DeviceView]] = defaultdict(list)
    for device in devices:
        by_room[device.room].append(device)
    dishes = {each.dish or "" for each in (one for room in by_room.values() for one in room) if each.kind == "receiver"}
    alone = next(iter(dishes)) if len(dishes) == 1 else ""
    for room in sorted(by_room, key=lambda name: (name is None, name or "")):
        for receiver, display in _pairs(by_room[room]):
            dish = alone if receiver is None else receiver.dish or ""
            hung[dish].append(_branch(room, receiver, display, world, dish))
    return tuple(_chain(name, tuple(hung[name]), world) for name in sorted(hung))


@dataclass(frozen=True, slots=True)
class _World:
    faults: Sequence[TicketLine]
    sky: str | None
    seen: bool

    def of_device(self, device: DeviceView) -> list[TicketLine]:
        return [each for each in self.faults if not each.dish and each.device == device.key]

    def of_dish(self, name: str) -> list[TicketLine]:
        return [each for each in self.faults if each.dish == name and each.device.device == HOST and name]


def _pairs(devices: Sequence[DeviceView]) -> list[tuple[DeviceView | None, DeviceView | None]]:
    receivers = [each for each in devices if each.kind == "receiver"]
    displays = [each for each in devices if each.kind in DISPLAYS]
    rows = max(len(receivers), len(displays))
    # Several screens of a room mostly show what its one receiver gives.
    fed = receivers + receivers[-1:] * (rows - len(receivers)) if receivers else [None] * rows
    return list(zip(fed, displays + [None] * (rows - len(displays)), strict=True))


def _branch(
    room: str | None, receiver: DeviceView | None, display: DeviceView | None, world: _World, dish: str
) -> Branch:
    of_display = world.of_device(display) if display else []
    cable = next((each for each in of_display if each.cause in _OF_LINK), None)
    own = [each for each in of_display if each.cause not in _OF_LINK]
    return Branch(
        room,
        None if receiver is None else _part(receiver, world.of_device(receiver), world),
        None if display is None else _part(display, own, world),
        _feed(receiver, world, dish),
        Health.TROUBLE if cable else _picture(receiver, display, world),
        cable,
    )


def _part(device: DeviceView, faults: Sequence[TicketLine], world: _World) -> Part:
    if faults:
        return Part(Health.TROUBLE, device, faults[0])
    if not _answers(device, world):
        return Part(Health.UNKNOWN, device)
    return Part(Health.OFF if device.condition is Condition.OFF else Health.WELL, device)


def _feed(receiver: DeviceView | None, world: _World, dish: str) -> Health:
    if receiver is None or not _answers(receiver, world) or receiver.condition is Condition.OFF:
        return Health.UNKNOWN
    lock = _value(receiver, _LOCK)
    if lock is None:
        return Health.UNKNOWN
    if lock:
        return Health.WELL
    if world.of_dish(dish):
        return Health.TROUBLE
    return Health.WEATHER if world.sky else Health.LOST


def _picture(receiver: DeviceView | None, display: DeviceView | None, world: _World) -> Health:
    ends = [each for each in (receiver, display) if each is not None]
    if display is None or not all(_answers(each, world) for each in ends):
        return Health.UNKNOWN
    if any(each.condition is Condition.OFF for each in ends):
        return Health.OFF
    shown = _value(display, _INPUT)
    if shown is None:
        return Health.UNKNOWN
    return Health.WELL if shown else Health.LOST


def _chain(name: str, branches: tuple[Branch, ...], world: _World) -> Chain:
    faults = world.of_dish(name)
    works = any(each.feed is Health.WELL for each in branches)
    of_lnb = next((each for each in faults if each.cause in _OF_LNB), None)
    of_dish = next((each for each in faults if each.cause not in _OF_LNB), None)
    return Chain(name, _of_roof(of_dish, world, works=works), _of_roof(of_lnb, world, works=works), branches, world.sky)


def _of_roof(fault: TicketLine | None, world: _World, *, works: bool) -> Part:
    if fault is not None:
        return Part(Health.TROUBLE, fault=fault)
    if works:
        return Part(Health.WELL)
    return Part(Health.WEATHER if world.sky and world.seen else Health.UNKNOWN)


def _answers(device: DeviceView, world: _World) -> bool:
    return world.seen and not device.stale and _value(device, REACHABLE) is not False


def _value(device: DeviceView, metric: str) -> bool | None:
    reported = device.latest.get(metric)
    return None if reported is None or reported.value is None else bool(reported.value)
