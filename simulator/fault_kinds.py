"""What can break: for each cause where it can be and how it shows. One declaration per cause."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from simulator.clock import DAY, HOUR, MINUTE
from simulator.district import Dish, Node, Room, School


@dataclass(frozen=True, slots=True)
class Draft:
    """A fault without its time. scopes: the chains that it occupies."""

    scopes: list[str]
    room: str | None = None
    dish: str | None = None
    device: str | None = None
    node: str | None = None
    variant: str = ""
    size: float = 0.0
    ramp_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """draft          where and how, or None where this school has nothing that could break so
    needs_days        how much of the recording has to be left
    heals             chance that it goes away by itself
    lasts_class_s     class time that it lasts at least
    by_storm          wind and lightning do it
    """

    draft: Callable[[Random, School], Draft | None]
    needs_days: float = 1.5
    heals: float = 0.0
    lasts_class_s: float = 2 * HOUR
    by_storm: bool = False


def headroom(school: School, dish: Dish) -> float:
    """dB of C/N that the dish can lose before its most demanding receiver loses lock."""
    rooms = school.rooms_on(dish.key)
    return min(dish.clear_db + room.receiver_offset_db - dish.swing_db - room.receiver.locks_at_db for room in rooms)


def _misaligned(dice: Random, school: School) -> Draft | None:
    dish = dice.choice(school.dishes)
    room = headroom(school, dish) - 0.7
    if room < 2.4:
        return None
    return Draft(_dish_scopes(school, dish.key), dish=dish.key, size=dice.uniform(2.3, min(room, 6.0)))


def _degrading(dice: Random, school: School) -> Draft | None:
    dish = dice.choice(school.dishes)
    room = headroom(school, dish)
    if room < 2.8:
        return None
    size = dice.uniform(2.6, room - 0.2) if dice.random() < 0.75 else room + dice.uniform(0.3, 1.5)
    return Draft(_dish_scopes(school, dish.key), dish=dish.key, size=size, ramp_s=dice.uniform(8, 24) * DAY)


def _lnb(dice: Random, school: School) -> Draft | None:
    dish = dice.choice(school.dishes)
    return Draft(_dish_scopes(school, dish.key), dish=dish.key)


def _receiver(dice: Random, school: School) -> Draft | None:
    room = dice.choice(school.rooms)
    company = len(school.rooms_on(room.dish)) > 1
    variant = "no_lock" if company and dice.random() < 0.35 else "dead"
    return _of_room(school, room, room.receiver_key, variant)


def _screen(dice: Random, school: School) -> Draft | None:
    room = dice.choice(school.rooms)
    return _of_room(school, room, room.screen_key, "error" if dice.random() < 0.35 else "dead")


def _cable(dice: Random, school: School) -> Draft | None:
    room = dice.choice(school.rooms)
    return _of_room(school, room, room.screen_key, "") if room.screen.tells_signal else None


def _lamp(dice: Random, school: School) -> Draft | None:
    rooms = [room for room in school.rooms if room.screen.life_h is not None and sum(map(len, room.habit.lessons)) > 6]
    if not rooms:
        return None
    room = dice.choice(rooms)
    return Draft([f"{school.code}/{room.key}/lamp"], room.key, device=room.screen_key)


def _of_room(school: School, room: Room, device: str, variant: str) -> Draft:
    return Draft([f"{school.code}/{room.key}"], room.key, room.dish, device, room.node, variant)


def _dish_scopes(school: School, dish: str) -> list[str]:
    return [f"{school.code}/{room.key}" for room in school.rooms_on(dish)]


def _host(able: Callable[[Node], bool], sizes: tuple[float, float], ramp_days: float = 0.0, variant: str = "") -> Kind:
    def draft(dice: Random, school: School) -> Draft | None:
        nodes = [node for node in school.nodes if able(node)]
        if not nodes:
            return None
        node = dice.choice(nodes)
        size = dice.uniform(*sizes)
        return Draft([f"{node.name}/host"], node=node.name, variant=variant, size=size, ramp_s=ramp_days * DAY)

    return Kind(draft, needs_days=2.5, lasts_class_s=7 * HOUR)


def _offline(dice: Random, school: School) -> Draft | None:
    """An agent that fell silent. Mended, it tells that its computer ran all along: where it is off at night, nobody could."""
    nodes = [node for node in school.nodes if not node.at_wall]
    if not nodes:
        return None
    node = dice.choice(nodes)
    rooms = [f"{school.code}/{room.key}" for room in school.rooms]
    return Draft([*rooms, *(f"{each.name}/host" for each in school.nodes), f"{school.code}/link"], node=node.name)


def _link(_: Random, school: School) -> Draft | None:
    return Draft([f"{school.code}/link", f"{school.code}/mains"])


def _mains(dice: Random, school: School) -> Draft | None:
    """Bad power: cuts that keep coming back. size: how many."""
    if school.nodes[0].at_wall or school.ups_minutes:
        return None
    return Draft([f"{school.code}/link", f"{school.code}/mains"], size=dice.randrange(4, 9))


KINDS: dict[str, Kind] = {
    "dish_misaligned": Kind(_misaligned, needs_days=2.5, by_storm=True, lasts_class_s=6 * HOUR),
    "signal_degrading": Kind(_degrading, needs_days=9, lasts_class_s=40 * HOUR),
    "lnb_failed": Kind(_lnb, by_storm=True),
    "receiver_failed": Kind(_receiver, heals=0.12, by_storm=True),
    "tv_failed": Kind(_screen, heals=0.05, by_storm=True),
    "tv_no_signal": Kind(_cable, heals=0.15),
    "lamp_worn": Kind(_lamp, needs_days=2, lasts_class_s=20 * HOUR),
    "host_overheating": _host(lambda node: node.host.idle_temp_c is not None, (88.0, 97.0)),
    "host_disk_full": _host(lambda _: True, (97.0, 100.0), ramp_days=0.3),
    "host_disk_worn": _host(lambda node: node.host.tells_disk_life, (101.0, 120.0)),
    "host_undervoltage": _host(lambda node: node.host.tells_undervoltage, (0.6, 1.0)),
    "host_clock_wrong": _host(lambda _: True, (150.0, 7200.0)),
    "school_offline": Kind(_offline, needs_days=2.5, lasts_class_s=5 * HOUR + 30 * MINUTE),
    "school_link_outage": Kind(_link, needs_days=2.5, heals=1.0, lasts_class_s=5 * HOUR),
    "school_power_outage": Kind(_mains, needs_days=7, lasts_class_s=30 * HOUR),
}
