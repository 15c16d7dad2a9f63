"""The dishes of a school and the receivers on them."""

from dataclasses import dataclass, field
from statistics import median

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Place
from hub.detection.dishes import Dish
from hub.detection.levels import Level
from hub.detection.view import DeviceView, SiteView

UNNAMED = "dish"
"""The dish of a school of which the register names none."""


@dataclass(slots=True)
class Aerials:
    """All dishes of one school, by name, and which receivers hang on each."""

    group: str
    school: str
    view: SiteView
    dishes: dict[str, Dish] = field(default_factory=dict)
    _receivers: dict[str, list[DeviceView]] = field(default_factory=dict)

    def arrange(self) -> None:
        """Which receiver hangs on which dish, as the register says now."""
        self._receivers.clear()
        for device in self.view.receivers:
            if device.level is None:
                device.level = Level()
            self._receivers.setdefault(name_of(device), []).append(device)

    def dish(self, name: str, t: int) -> Dish:
        """The dish, from now on there if it was not."""
        dish = self.dishes.get(name)
        if dish is None:
            dish = self.dishes[name] = Dish(at=t)
        return dish

    @property
    def names(self) -> list[str]:
        return list(self._receivers)

    def receivers(self, name: str) -> list[tuple[DeviceView, Level]]:
        return [(each, each.level) for each in self._receivers.get(name, ()) if each.level is not None]

    def levels(self, name: str) -> list[Level]:
        return [level for _, level in self.receivers(name)]

    def rooms(self, name: str) -> list[str]:
        """The rooms that have their lesson from this dish."""
        return sorted({device.facts.room for device, _ in self.receivers(name) if device.facts.room})

    def place(self, name: str) -> Place:
        node = min((device.node for device, _ in self.receivers(name)), default=self.school)
        return Place(DeviceKey(NodeKey(self.group, node)), name)

    def place_of(self, receiver: DeviceView) -> Place:
        return Place(DeviceKey(NodeKey(self.group, receiver.node), receiver.key))

    def span(self, name: str) -> str:
        """What a dish is called in incidents."""
        return f"{self.school}/{name}"

    def drop(self) -> float | None:
        """How far dishes without a fault of their own are below clear sky, dB, by the middle of their receivers."""
        sound = [name for name, dish in self.dishes.items() if not dish.told and not dish.sinking]
        drops = [level.drop for name in sound for level in self.levels(name)]
        known = [drop for drop in drops if drop is not None]
        return median(known) if known else None


def name_of(receiver: DeviceView) -> str:
    """The name of the dish that a receiver hangs on."""
    return receiver.facts.dish or UNNAMED
