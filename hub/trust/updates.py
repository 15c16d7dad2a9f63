"""The port by which the device API asks what a node should run, and tells what became of it."""

from dataclasses import dataclass
from typing import Protocol

from hub.core.equipment import NodeKey
from provisioning.core.contract import Outcome


@dataclass(frozen=True, slots=True)
class Versions:
    """What a node should run; None: nothing was decided."""

    release: str | None = None
    config: str | None = None
    profiles: str | None = None


class Updates(Protocol):
    """What is decided about what runs on a node."""

    def versions(self, node: NodeKey) -> Versions: ...

    def config(self, node: NodeKey) -> str | None:
        """The settings (TOML) that it begins with."""

    def heard(self, node: NodeKey, outcome: Outcome, now: int) -> None: ...


class NoUpdates:
    """Nothing is decided."""

    def versions(self, _: NodeKey) -> Versions:
        return Versions()

    def config(self, _: NodeKey) -> str | None:
        return None

    def heard(self, node: NodeKey, outcome: Outcome, now: int) -> None:
        """Nobody asked."""
