"""What can be broken. A fault is a code that its place (a device, a dish) then has among its ills; what that means is decided
by whoever consults the ills: the line (lines/trouble.py), the kind's physics (kinds/) or the simulator (simulators/).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    description: str
    switches_off: bool = False
    """Somebody used the remote: mending switches it on again."""
    cuts_power: bool = False
    """Mending means booting."""
    lasts: str | None = None
    """The key of its place's settings that tells after how many seconds it mends itself."""


DEAD, REBOOT, UNPLUGGED = "dead", "reboot", "unplugged"
SILENT, SLOW, GARBAGE, HALF, REFUSE = "silent", "slow", "garbage", "half", "refuse"

GENERIC = (
    Fault(DEAD, "no power: its port is closed, on its serial line nobody answers", cuts_power=True),
    Fault(SILENT, "it hears everything and answers nothing"),
    Fault(SLOW, "it takes some seconds for every answer, and still answers right"),
    Fault(GARBAGE, "noise comes instead of its answers"),
    Fault(HALF, "every answer breaks off in the middle"),
    Fault(REFUSE, "it answers every question with its protocol's error"),
    Fault(REBOOT, "it starts anew: away for some seconds, then as before", cuts_power=True, lasts="reboot_s"),
    Fault(UNPLUGGED, "the cable is pulled at the computer: serial adapter or port are gone"),
)
SWITCHED_OFF = Fault("off", "merely switched off with its remote: no ticket may come", switches_off=True)
SKY = (
    Fault("lnb-dead", "the LNB on the dish is dead: neither strength nor lock"),
    Fault("rain", "a shower: C/N sinks, may lose lock, and comes back by itself", lasts="shower_s"),
)
