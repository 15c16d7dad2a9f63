"""The list of everything that can be broken, as data: a code, one line in English, and what is then different in the room.

A fault changes Conditions (what the room's physics consult); one that merely switches a thing off with its remote names
the thing in `switches_off`. What equipment then says follows in room.py and the simulators; nothing here speaks a protocol.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from bench.errors import UnknownFault
from bench.facts import Line, Thing

AV_INPUT = "20"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is out of order just now, whatever brought it about."""

    tv_line: Line = Line.CLEAN
    tv_cable: bool = True
    tv_input: str | None = None
    tv_backlight: bool = True
    projector_powered: bool = True
    projector_cable: bool = True
    projector_fan: int = 0
    projector_lamp: int = 0
    projector_temp: int = 0
    projector_filter: int = 0
    receiver_powered: bool = True
    receiver_tuner: bool = True
    lnb: bool = True
    shower: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    description: str
    effect: MappingProxyType[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    switches_off: Thing | None = None


def _fault(code: str, description: str, *, switches_off: Thing | None = None, **effect: Any) -> Fault:
    return Fault(code, description, MappingProxyType(effect), switches_off)


FAULTS = (
    _fault("tv-dead", "the TV answers nothing any more on its serial line", tv_line=Line.SILENT),
    _fault("tv-off", "the TV is merely switched off with its remote: no ticket may come", switches_off=Thing.TV),
    _fault("tv-no-signal", "the HDMI cable is out: the TV is on and has no picture", tv_cable=False),
    _fault("tv-other-input", "somebody chose the AV input: the TV is on and has no picture there", tv_input=AV_INPUT),
    _fault("tv-backlight", "the TV reports that its backlight has failed", tv_backlight=False),
    _fault("tv-garbage", "the TV's serial line carries noise instead of answers", tv_line=Line.GARBAGE),
    _fault("tv-slow", "the TV takes some seconds for every answer, and still answers right", tv_line=Line.SLOW),
    _fault("projector-dead", "the projector has no power: its port is closed", projector_powered=False),
    _fault(
        "projector-off",
        "the projector is merely switched off with its remote: it cools down, and no ticket may come",
        switches_off=Thing.PROJECTOR,
    ),
    _fault("projector-lamp", "the projector's lamp has failed (ERST lamp 2)", projector_lamp=2),
    _fault("projector-fan", "the projector's fan has failed (ERST fan 2)", projector_fan=2),
    _fault("projector-hot", "the projector is too hot (ERST temperature 2)", projector_temp=2),
    _fault("projector-filter", "the projector asks for a clean filter (ERST filter 1): a warning, and no ticket yet", projector_filter=1),
    _fault("projector-no-signal", "the projector's HDMI cable is out: on, and no picture", projector_cable=False),
    _fault(
        "receiver-dead",
        "the receiver has no power: its port is closed, and the screens lose the picture",
        receiver_powered=False,
    ),
    _fault(
        "receiver-standby",
        "the receiver is merely in standby: it answers with empty fields, and no ticket may come",
        switches_off=Thing.RECEIVER,
    ),
    _fault("receiver-no-lock", "the receiver's tuner is broken: strength but no lock", receiver_tuner=False),
    _fault("lnb-dead", "the LNB on the dish is dead: neither strength nor lock", lnb=False),
    _fault("rain", "a shower: C/N sinks, may lose lock, and comes back by itself", shower=True),
)
BY_CODE = {fault.code: fault for fault in FAULTS}


def find(code: str) -> Fault:
    """Raises UnknownFault, with the nearest name there is."""
    if code in BY_CODE:
        return BY_CODE[code]
    near = get_close_matches(code, BY_CODE, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "'dltv-bench fault' lists them all"
    raise UnknownFault(f"no fault {code[:40]!r}; {hint}")


def conditions(codes: Iterable[str]) -> Conditions:
    """All these faults at once; where two touch the same thing the later one counts."""
    merged: dict[str, Any] = {}
    for code in codes:
        merged |= BY_CODE[code].effect
    return replace(Conditions(), **merged)
