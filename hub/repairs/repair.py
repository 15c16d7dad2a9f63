"""What a repair has besides its request, as a value. States, fields and the history are the request's."""

from dataclasses import dataclass

from hub.core.equipment import DeviceKey, NodeKey

HANDED_OVER = "handed_over"
"""The state in which nobody works on it any more, and a school may still say that it is not mended."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What is to be mended: a device of an agent, by its key; "" is the agent's own computer, or with `dish` a dish."""

    device: DeviceKey
    dish: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """number  of its request; ticket: of telemetry; token: of the page for whoever reported it

    spot      None: nothing that an agent hears
    asset     its id in the register
    reports   how often people reported it
    standing  who pays by the register, when the cause was known
    verdict   what the readings said when it was last `checked_at`
    """

    number: str
    token: str
    ticket: int | None = None
    spot: Spot | None = None
    asset: int | None = None
    reports: int = 0
    standing: str | None = None
    checked_at: int | None = None
    verdict: str | None = None
    rating_asked_at: int | None = None
    need_wished_at: int | None = None


def spot_of(value: object) -> Spot | None:
    """As a field holds a device: group/node/device."""
    parts = value.split("/", 2) if isinstance(value, str) else []
    return Spot(DeviceKey(NodeKey(parts[0], parts[1]), parts[2])) if len(parts) == 3 else None
