"""A device and the profile by which it is read, as pages show it."""

from dataclasses import dataclass

from hub.core.equipment import DeviceKey


@dataclass(frozen=True, slots=True)
class Use:
    """A device that is read by a profile; also the agent's own computer."""

    key: DeviceKey
    school_name: str | None
    kind: str
    room: str | None
