"""A TV asked over HDMI-CEC by libcec's program: `echo 'pow 0' | cec-client -s -d 1`, as it prints.

The TV has address 0. In standby it still answers its power state here; one that is dead or refuses (feature abort) is `unknown`.
Without an adapter the program finds none and ends with 1. Source: Pulse-Eight/libcec 64f0c2a, src/cec-client/cec-client.cpp.
"""

from bench.faults import UNPLUGGED
from bench.kinds import display
from bench.kinds.display import DisplaySettings
from bench.live import Unit
from bench.settings import LineName, Text32
from bench.simulator import Simulator
from bench.stations import Call, Plug, Printed, ProgramPlug

OPENING = "opening a connection to the CEC adapter...\n"
NO_ADAPTER = "No device type given. Using 'recording device'\nautodetect FAILED\n"
# A physical address of HDMI: the screen itself, at the root of its tree.
TV_ADDRESS = ".".join("0000")


class CecSettings(DisplaySettings):
    """`program`: the file's name inside the bench's directory."""

    program: LineName = "cec-client"
    vendor: Text32 = "LG"
    osd_name: Text32 = "TV"


def run(unit: Unit[CecSettings], call: Call) -> Printed:
    if UNPLUGGED in unit.ills:
        return Printed(out=NO_ADAPTER, code=1)
    words = call.typed.split()
    match words:
        case ["pow", "0"]:
            return Printed(out=f"{OPENING}power status: {power(unit)}\n")
        case ["pow", _]:
            return Printed(out=f"{OPENING}power status: unknown\n")
        case ["scan"]:
            return Printed(out=OPENING + _scan(unit))
    return Printed(out=OPENING)


def power(unit: Unit[CecSettings]) -> str:
    if unit.refuses or not unit.look().school.powered(unit.key):
        return "unknown"
    return "on" if display.facts(unit).on else "standby"


def _scan(unit: Unit[CecSettings]) -> str:
    settings, state = unit.settings, power(unit)
    head = "requesting CEC bus information ...\nCEC bus information\n===================\n"
    block = {
        "address:": TV_ADDRESS,
        "active source:": "no",
        "vendor:": settings.vendor,
        "osd string:": settings.osd_name,
        "CEC version:": "1.4",
        "power status:": state,
        "language:": "eng",
    }
    lines = "".join(f"{name:<14} {value}\n" for name, value in block.items())
    tv = f"device #0: TV\n{lines}\n\n" if state != "unknown" else ""
    return f"{head}{tv}currently active source: unknown (-1)\n"


def attach(unit: Unit[CecSettings]) -> tuple[Plug, ...]:
    return (ProgramPlug(unit.settings.program, lambda call: run(unit, call)),)


SIMULATOR = Simulator("cec-client", "TV on HDMI-CEC, by cec-client", CecSettings, attach)
