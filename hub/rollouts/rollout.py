"""A roll-out as its events tell it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.rollouts.events import Event, Reason, What
from hub.rollouts.settings import RolloutSettings


class Kind(StrEnum):
    """What is rolled out."""

    RELEASE = "release"
    CONFIG = "config"
    PROFILES = "profiles"


class State(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    """by itself; goes on only when a person says so"""
    PAUSED = "paused"
    ABORTED = "aborted"
    DONE = "done"

    @property
    def is_open(self) -> bool:
        return self not in (State.ABORTED, State.DONE)


class Standing(StrEnum):
    """How far one computer is."""

    WAITING = "waiting"
    """its wave has not come, or it is offline"""
    ASKED = "asked"
    HEALTHY = "healthy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered: this version of this for these computers of the group. `number` is the roll-out's."""

    number: int
    kind: Kind
    version: str
    group: str
    nodes: tuple[str, ...]
    started_at: int
    started_by: str
    settings: RolloutSettings


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one computer. at: since when; reason and why: of a healthy or failed one."""

    standing: Standing
    at: int
    reason: Reason | None = None
    why: str = ""


@dataclass(slots=True)
class Rollout:
    """A roll-out.

    waves     the computers of those that have begun
    level     which of the settings' waves the last of them is; one in which nobody became well is tried again, with others
    failures  in the wave that runs, since a person last let it go on
    """

    order: Order
    state: State = State.RUNNING
    waves: list[tuple[str, ...]] = field(default_factory=list)
    nodes: dict[str, Progress] = field(default_factory=dict)
    level: int = -1
    failures: int = 0
    changed_at: int = 0

    @classmethod
    def of(cls, order: Order, events: Iterable[Event]) -> "Rollout":
        waiting = Progress(Standing.WAITING, order.started_at)
        rollout = cls(order, nodes=dict.fromkeys(order.nodes, waiting), changed_at=order.started_at)
        for event in events:
            rollout.apply(event)
        return rollout

    def apply(self, event: Event) -> None:
        self.changed_at = event.at
        if event.what is What.WAVE:
            self.level = self.next_level
            self.waves.append(event.nodes)
            self.failures = 0
        elif event.node is not None:
            self._apply_to(event.node, event)
        else:
            self._turn(event.what)

    @property
    def begun(self) -> tuple[str, ...]:
        """Computers whose wave has come."""
        return tuple(node for wave in self.waves for node in wave)

    @property
    def is_in_last_wave(self) -> bool:
        return self.level >= len(self.order.settings.waves) - 1

    @property
    def next_level(self) -> int:
        """Of the wave that would begin now."""
        return self.level if self.waves and not self.counts(self.waves[-1])[Standing.HEALTHY] else self.level + 1

    def standing(self, node: str) -> Standing:
        return self.nodes[node].standing

    def counts(self, nodes: Iterable[str]) -> Mapping[Standing, int]:
        counts = dict.fromkeys(Standing, 0)
        for node in nodes:
            counts[self.standing(node)] += 1
        return counts

    def gives(self, node: str) -> bool:
        """Whether this computer is to run it now. One that failed goes back; after a stop, so does who has not told yet."""
        standing = self.standing(node) if node in self.nodes else Standing.WAITING
        if standing is Standing.HEALTHY:
            return True
        return standing is Standing.ASKED and self.state in (State.RUNNING, State.PAUSED)

    def _apply_to(self, node: str, event: Event) -> None:
        standing = {What.ASKED: Standing.ASKED, What.HEALTHY: Standing.HEALTHY, What.FAILED: Standing.FAILED}[
            event.what
        ]
        if standing is Standing.FAILED and self.standing(node) is not Standing.FAILED:
            self.failures += 1
        self.nodes[node] = Progress(standing, event.at, event.reason, event.why)

    def _turn(self, what: What) -> None:
        self.state = {
            What.STOPPED: State.STOPPED,
            What.PAUSED: State.PAUSED,
            What.RESUMED: State.RUNNING,
            What.ABORTED: State.ABORTED,
            What.FINISHED: State.DONE,
        }[what]
        if what is What.RESUMED:
            self.failures = 0
