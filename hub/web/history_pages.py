"""The port behind charts and history: what stands behind the curves of a device."""

from typing import Protocol

from hub.core.equipment import DeviceKey
from hub.core.history import Background


class History(Protocol):
    def background(self, key: DeviceKey, profile: str | None, since: int, until: int) -> Background:
        """Behind the curves of a device from one moment to another (ms). `profile`: its model's, where it is known."""
