"""What stands where: schools on a map, their dishes, rooms, sets and agents. Frozen values; `building` makes them."""

from dataclasses import dataclass
from datetime import date

from simulator.models import HostModel, ReceiverModel, ScreenModel


@dataclass(frozen=True, slots=True)
class Dish:
    """clear_db: C/N on a clear morning; swing_db: how much less in the afternoon's heat."""

    key: str
    size_m: float
    clear_db: float
    swing_db: float
    noise_k: float


@dataclass(frozen=True, slots=True)
class Habit:
    """How the people of a room use it.

    lessons      the periods shown, per weekday
    receiver     "always" on | on during the "class" day | on for each "lesson" | off at the "wall", screen and box
    careful      chance a day that the screen is not left on at night
    persistence  how stubbornly they try a set that does not work
    idle         local days without any use, [first, last]
    """

    lessons: tuple[tuple[int, ...], ...]
    receiver: str
    careful: float
    persistence: float
    idle: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    key: str
    dish: str
    node: str
    receiver: ReceiverModel
    receiver_offset_db: float
    screen: ScreenModel
    plug: bool
    habit: Habit
    installed: date

    @property
    def receiver_key(self) -> str:
        return f"{self.key}-receiver"

    @property
    def screen_key(self) -> str:
        return f"{self.key}-{self.screen.kind}"

    @property
    def plug_key(self) -> str:
        return f"{self.key}-plug"


@dataclass(frozen=True, slots=True)
class Node:
    """An agent. at_wall: it is switched off at the wall when the school day ends."""

    name: str
    host: HostModel
    at_wall: bool
    poll_s: int


@dataclass(frozen=True, slots=True)
class School:
    """x_km, y_km: from the middle of the district, east and north."""

    code: str
    name: str
    lat: float
    lon: float
    x_km: float
    y_km: float
    valley: int
    pupils: int
    ups_minutes: int
    dishes: tuple[Dish, ...]
    rooms: tuple[Room, ...]
    nodes: tuple[Node, ...]

    def dish(self, key: str) -> Dish:
        return next(each for each in self.dishes if each.key == key)

    def rooms_on(self, dish: str) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if room.dish == dish)


@dataclass(frozen=True, slots=True)
class District:
    orbit_deg_east: float
    schools: tuple[School, ...]
