"""Every fault of a school under the name by which a person breaks it: `tv-dead`, or `p1/tv-dead` where other rooms have one too.

The name is the room, what the device is called within its room (its key without the room in front), and the fault's code.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bench.errors import UnknownFault
from bench.faults import SKY, Fault
from bench.settings import BenchSettings


@dataclass(frozen=True, slots=True)
class PlacedFault:
    name: str
    place: str
    """The key of the device or dish that has it."""
    fault: Fault
    ends_after_s: float | None


class FaultBook:
    def __init__(self, settings: BenchSettings) -> None:
        found = list(_everything(settings))
        namesakes = Counter(short for _, short, _ in found)
        self._full = {
            f"{area}/{short}": short if namesakes[short] == 1 else f"{area}/{short}" for area, short, _ in found
        }
        self.faults = {
            (name := self._full[f"{area}/{short}"]): PlacedFault(name, placed.place, placed.fault, placed.ends_after_s)
            for area, short, placed in found
        }

    def find(self, text: str) -> PlacedFault:
        """Raises UnknownFault, with the nearest name there is."""
        name = self._full.get(text, text)
        if name in self.faults:
            return self.faults[name]
        near = get_close_matches(text, [*self.faults, *self._full], n=1)
        ambiguous = [other for other in self.faults if other.endswith(f"/{text}")]
        hint = "'dltv-bench fault' lists them all"
        if ambiguous:
            hint = f"which one? {', '.join(ambiguous[:4])}"
        elif near:
            hint = f"did you mean {near[0]!r}?"
        raise UnknownFault(f"no fault {text[:40]!r}; {hint}")


def _everything(settings: BenchSettings) -> Iterator[tuple[str, str, PlacedFault]]:
    """Area, short name and fault; the name itself is not decided yet."""
    for device in settings.device:
        called = device.key.removeprefix(f"{device.room}-")
        for fault in device.faults:
            ends = getattr(device, fault.lasts) if fault.lasts else None
            yield device.room, f"{called}-{fault.code}", PlacedFault("", device.key, fault, ends)
    for dish in settings.dish:
        for fault in SKY:
            ends = getattr(dish, fault.lasts) if fault.lasts else None
            yield dish.key, fault.code, PlacedFault("", dish.key, fault, ends)
