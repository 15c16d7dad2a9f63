"""A DVB-S2 tuner asked by v4l-utils' program: `dvb-fe-tool -m -a0 -f0 -c 1`, which prints one line, on its error output.

The state's word is the highest bit that is set. What the tuner does not measure is left out of the line, not zero; without a
signal that is everything but the state. Small numbers look like `1.23x10^-6`. Source: gjasny/v4l-utils 95ad25f (dvb-fe-tool.c,
lib/libdvbv5/dvb-fe.c), tried as version 1.22.1.
"""

from typing import Annotated

from pydantic import Field

from bench.faults import UNPLUGGED
from bench.kinds import receiver
from bench.kinds.receiver import ReceiverFacts, ReceiverSettings
from bench.levels import level_dbm
from bench.live import Unit
from bench.settings import LineName
from bench.simulator import Simulator
from bench.stations import Call, Plug, Printed, ProgramPlug

NOT_FOUND = "WARNING  device dvb0.frontend0 not found\n"
FULL_LOCK, CARRIER, NOTHING = 0x1F, 0x03, 0x00
STATES = {FULL_LOCK: "Lock   ", CARRIER: "Carrier", NOTHING: "       "}


class DvbFeToolSettings(ReceiverSettings):
    """`poor_below_db` and `good_from_db`: libdvbv5's bands for the transponder's modulation and code rate (S2, 8PSK 3/4 here)."""

    program: LineName = "dvb-fe-tool"
    poor_below_db: Annotated[float, Field(ge=0, le=30)] = 16.0
    good_from_db: Annotated[float, Field(ge=0, le=30)] = 19.0


def run(unit: Unit[DvbFeToolSettings], call: Call) -> Printed:
    if UNPLUGGED in unit.ills or not unit.look().school.powered(unit.key):
        return Printed(err=NOT_FOUND, code=1)
    if unit.refuses:
        return Printed(err="ERROR    FE_READ_STATUS: Input/output error\n", code=1)
    if "-m" not in call.arguments:
        return Printed(err="")
    return Printed(err=line(receiver.facts(unit), unit.settings))


def line(box: ReceiverFacts, settings: DvbFeToolSettings) -> str:
    bits = FULL_LOCK if box.locked else CARRIER if box.level_pct else NOTHING
    parts = [f"{STATES[bits]}(0x{bits:02x})"]
    if box.locked:
        parts.append(f"Quality= {_quality(box.cnr_db, settings)}")
    if box.level_pct:
        parts.append(f"Signal= {level_dbm(box.level_pct):.2f}dBm")
    if box.locked:
        parts.append(f"C/N= {box.cnr_db:.2f}dB UCB= 0 postBER= 0 preBER= 1.23x10^-6 PER= 0")
    return " ".join(parts) + "\n"


def _quality(cnr_db: float, settings: DvbFeToolSettings) -> str:
    if cnr_db < settings.poor_below_db:
        return "Poor"
    return "Good" if cnr_db >= settings.good_from_db else "Ok"


def attach(unit: Unit[DvbFeToolSettings]) -> tuple[Plug, ...]:
    return (ProgramPlug(unit.settings.program, lambda call: run(unit, call)),)


SIMULATOR = Simulator("dvb-fe-tool", "DVB-S2 tuner, by dvb-fe-tool", DvbFeToolSettings, attach)
