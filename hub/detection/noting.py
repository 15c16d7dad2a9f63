"""What is stored for detection, read only: what it wants saved is noted, for a transaction that begins when all is judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report
from hub.detection.facts import DeviceFacts, SchoolFacts
from hub.detection.service import Ahead, Judgements


class Noting:
    """The port of hub.detection.service on another one of that kind.

    noted   whether anything was to be saved, be it nothing new
    folded, judged  the states and offsets as they are to be saved there
    """

    def __init__(self, stored: Judgements) -> None:
        self._stored = stored
        self.noted = False
        self.folded: dict[tuple[str, str], Any] = {}
        self.judged: dict[NodeKey, dict[str, int]] = {}

    def schools(self) -> Iterable[SchoolFacts]:
        return self._stored.schools()

    def devices(self) -> Iterable[tuple[DeviceKey, DeviceFacts]]:
        return self._stored.devices()

    def devices_of(self, key: NodeKey) -> Iterable[tuple[DeviceKey, DeviceFacts]]:
        return self._stored.devices_of(key)

    def states(self) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
        return self._stored.states()

    def waiting(self) -> Iterable[NodeKey]:
        return self._stored.waiting()

    def unjudged(self, key: NodeKey, ahead: Ahead) -> Sequence[Iterator[Report]]:
        return self._stored.unjudged(key, ahead)

    def save(
        self, states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        """The newer of a state, or of an offset, stands for the older."""
        self.noted = True
        self.folded |= states
        for key, offsets in judged.items():
            self.judged.setdefault(key, {}).update(offsets)
