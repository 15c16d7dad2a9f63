"""Who speaks under a name that is another's, told by what their births say. Pure; kept in memory.

A card that was moved or copied speaks from a machine with another serial number than the one that joined. Two copies that run
at once have one certificate, so that they push one another out at the broker: each counts its own connections (bdSeq), and what
the hub hears then goes back again and again, which one computer's count never does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hub.core.equipment import NodeKey
from hub.enrolment.records import Records, Trouble
from hub.enrolment.service import tell
from provisioning.core.contract import Hardware

OTHER_HARDWARE, TWO_AT_ONCE = "other_hardware", "two_at_once"
_MODULUS = 256
_ENOUGH, _WITHIN_MS = 3, 3_600_000
"""A journal that was lost begins to count anew, once."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What a node says of itself as it begins. serial: of the machine; empty where it cannot be told."""

    node: NodeKey
    at: int
    bd_seq: int | None
    hardware: Hardware


@dataclass(slots=True)
class _Course:
    """Of one node. `odd`: when its count went back."""

    bd_seq: int | None = None
    dead: bool = False
    serial: str = ""
    odd: list[int] = field(default_factory=list)

    def goes_back(self, bd_seq: int) -> bool:
        """A birth that was only asked for again has the number of the one before; a new connection has the next."""
        if self.bd_seq is None:
            return False
        ahead = (bd_seq - self.bd_seq) % _MODULUS
        return ahead > _MODULUS // 2 or (ahead == 0 and self.dead)


class Copies:
    """`waiting`: what is to be looked at, and to be forgotten by whoever has."""

    def __init__(self) -> None:
        self._courses: dict[NodeKey, _Course] = {}
        self.waiting: list[tuple[str, Birth]] = []

    def born(self, birth: Birth) -> None:
        course = self._courses.setdefault(birth.node, _Course())
        if birth.bd_seq is not None and course.goes_back(birth.bd_seq):
            course.odd = [at for at in course.odd if 0 <= birth.at - at < _WITHIN_MS] + [birth.at]
        if len(course.odd) >= _ENOUGH:
            course.odd.clear()
            self.waiting.append((TWO_AT_ONCE, birth))
        if birth.hardware.serial not in ("", course.serial):
            course.serial = birth.hardware.serial
            self.waiting.append((OTHER_HARDWARE, birth))
        course.bd_seq, course.dead = birth.bd_seq, False

    def died(self, node: NodeKey) -> None:
        if node in self._courses:
            self._courses[node].dead = True


def tell_copies(records: Records, suspects: Iterable[tuple[str, Birth]], now: int) -> None:
    """The office is told of those that are copies indeed; only of computers that count."""
    for what, birth in suspects:
        held = records.newest(birth.node)
        if held is None or held.revoked_at is not None:
            continue
        if what == TWO_AT_ONCE:
            tell(records, Trouble(what, birth.node, "", ""), now)
        elif _is_other(records.hardware(birth.node), birth.hardware):
            tell(records, Trouble(what, birth.node, birth.hardware.serial[:64], "", birth.hardware), now)


def _is_other(joined: Hardware | None, speaks: Hardware) -> bool:
    """Where both have said their serial number."""
    known = "" if joined is None else joined.serial.strip().casefold()
    return known not in ("", speaks.serial.strip().casefold())
