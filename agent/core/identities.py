"""Who is who by serial number: whether what was found is a device that is polled already, at another address perhaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.core.finds import telling
from agent.core.readings import Equipment, Poll
from wire.vocabulary import REACHABLE

SERIAL_NUMBER = "Properties/serial_number"


@dataclass(frozen=True, slots=True)
class _Identity:
    kind: str
    serial: str = ""
    answers: bool = True


class Identities:
    """Told by the threads that poll, asked by the one that looks for new equipment: each entry is replaced, never changed."""

    def __init__(self, equipment: Iterable[Equipment] = ()) -> None:
        self._known: dict[str, _Identity] = {}
        for each in equipment:
            self.declare(each)

    def declare(self, equipment: Equipment) -> None:
        if equipment.key is not None:
            serial = equipment.properties.get(SERIAL_NUMBER, "")
            self._known[equipment.key] = _Identity(equipment.kind, telling(serial))

    def forget(self, key: str) -> None:
        """It is polled no more."""
        self._known.pop(key, None)

    def hear(self, poll: Poll) -> None:
        """What a poll tells of it: who it is, whether it answers."""
        known = self._known.get(poll.device or "")
        if known is None or poll.device is None:
            return
        serial = telling((poll.properties or {}).get(SERIAL_NUMBER, "")) or known.serial
        answers = poll.readings.get(REACHABLE) is not False
        if (serial, answers) != (known.serial, known.answers):
            self._known[poll.device] = replace(known, serial=serial, answers=answers)

    def owner(self, kind: str, serial: str) -> str | None:
        """The key of the device of this kind that has this serial number."""
        plain = telling(serial)
        same = (key for key, one in list(self._known.items()) if plain and (one.kind, one.serial) == (kind, plain))
        return next(same, None)

    def answers(self, key: str) -> bool:
        """Whether it answered when it was asked last."""
        return key in self._known and self._known[key].answers
