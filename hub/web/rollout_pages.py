"""What the pages of roll-outs ask of the hub."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.rollouts.events import Event, What
from hub.rollouts.rollout import Kind, Rollout
from hub.rollouts.told import Told


class RolloutPages(Protocol):
    """Each call is one short transaction."""

    def newest(self) -> Sequence[Rollout]:
        """The newest first."""

    def one(self, number: int) -> tuple[Rollout, Sequence[Event]] | None:
        """With what happened in it."""

    def online(self, group: str) -> frozenset[str]:
        """The computers of a group that are online."""

    def offered(self) -> Mapping[Kind, Sequence[str]]:
        """The versions that are signed for, the newest first."""

    def told(self, node: NodeKey) -> Sequence[Told]: ...

    def start(self, kind: Kind, version: str, group: str, who: Principal) -> int:
        """Its number. Raises RolloutRefused."""

    def do(self, number: int, what: What, who: Principal) -> bool:
        """PAUSED, RESUMED or ABORTED. False where it is not in a state for that."""
