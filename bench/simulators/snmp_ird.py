"""A professional receiver (IRD) with an SNMP agent: the system group and the three objects that are known of PBI's headends.

Signal strength is tenths of a dBm without its minus sign, C/N tenths of a dB, the frequency whole MHz; without a signal or a
lock the figure is 0. What it says in standby is not known: it has none. Source: librenms, includes/discovery/sensors/{signal,dbm,
frequency}/ird.inc.php, whose divisors these are; RFC 3418 for the system group.
"""

from typing import Annotated

from pydantic import Field

from bench.kinds import receiver
from bench.kinds.receiver import ReceiverSettings
from bench.levels import level_dbm
from bench.live import Unit
from bench.settings import OnPort
from bench.simulator import Simulator
from bench.snmp import Agent, Objects, Value
from bench.stations import Plug, UdpPlug

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
PBI = (1, 3, 6, 1, 4, 1, 1070)
SIGNAL = (*PBI, 3, 1, 1, 104, 1, 1, 6, 0)
CNR = (*PBI, 3, 1, 1, 104, 1, 1, 8, 0)
FREQUENCY = (*PBI, 3, 1, 1, 104, 3, 2, 0)


class IrdSettings(ReceiverSettings, OnPort):
    community: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[!-~]+$")] = "public"
    frequency_mhz: Annotated[int, Field(ge=900, le=22_000)] = 12_355


def objects(unit: Unit[IrdSettings]) -> Objects:
    box, settings = receiver.facts(unit), unit.settings
    return {
        (*SYSTEM, 1, 0): Value.text(f"{settings.model} satellite receiver"),
        (*SYSTEM, 2, 0): Value.oid(PBI),
        (*SYSTEM, 3, 0): Value.ticks(box.uptime_s * 100),
        (*SYSTEM, 5, 0): Value.text(settings.key),
        SIGNAL: Value.integer(round(-10 * level_dbm(box.level_pct)) if box.level_pct else 0),
        CNR: Value.integer(round(10 * box.cnr_db)),
        FREQUENCY: Value.integer(settings.frequency_mhz),
    }


def attach(unit: Unit[IrdSettings]) -> tuple[Plug, ...]:
    agent = Agent(unit.settings.community, lambda: objects(unit), lambda: unit.refuses)
    return (UdpPlug(unit.settings.host, unit.settings.port, agent.replies),)


SIMULATOR = Simulator("snmp-ird", "professional receiver by SNMP", IrdSettings, attach)
