"""Roll-outs at work: started and stopped by people, driven by the tick, heard of by letters; what a node should run is told here.

Decides nothing itself (hub.rollouts); keeps every event in the store, so that a restart forgets nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.ingestion.arrivals import NodeCommand
from hub.releases.configs import config_target
from hub.releases.offered import Offered
from hub.rollouts.deciding import UNKNOWN, Fact, decide, hear
from hub.rollouts.events import Event, Reason, What
from hub.rollouts.refusals import Refusal, RolloutRefused
from hub.rollouts.rollout import Kind, Order, Rollout, Standing, State
from hub.rollouts.settings import RolloutSettings
from hub.rollouts.told import Told
from hub.store.audit import AuditRows
from hub.store.rollouts import RolloutRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.trust.updates import Versions
from provisioning.core.contract import Kind as ToldKind
from provisioning.core.contract import Outcome, Result
from wire.controls import CONFIG_VERSION, UPDATE_TO, command
from wire.handoff import PROFILES_PREFIX

log = logging.getLogger(__name__)

_KINDS = {ToldKind.UPDATE: Kind.RELEASE, ToldKind.CONFIG: Kind.CONFIG, ToldKind.PROFILES: Kind.PROFILES}
_REASONS = {
    Result.HEALTHY: Reason.TOLD,
    Result.ROLLED_BACK: Reason.ROLLED_BACK,
    Result.REFUSED: Reason.REFUSED,
    Result.FAILED: Reason.FAILED,
}
_EVERY_MS = 5_000
_WISHES: Mapping[What, frozenset[State]] = {
    What.PAUSED: frozenset({State.RUNNING}),
    What.RESUMED: frozenset({State.PAUSED, State.STOPPED}),
    What.ABORTED: frozenset({State.RUNNING, State.PAUSED, State.STOPPED}),
}
"""In which states a person may do what."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A roll-out that somebody wants. nodes: only for these; all of the group without."""

    kind: Kind
    version: str
    group: str
    nodes: frozenset[str] | None = None


class Rolling:
    """The port Updates of hub.trust, and what people do with roll-outs. For any thread."""

    def __init__(self, store: Store, offered: Offered, settings: RolloutSettings, clock: Callable[[], int]) -> None:
        self._store, self._offered, self._settings, self._clock = store, offered, settings, clock
        self._asked: dict[tuple[int, str], int] = {}
        self._ticked = 0

    # What people do

    def start(self, wish: Wish, who: Principal) -> int:
        """The number of the roll-out. Raises RolloutRefused."""
        now = self._clock()
        with self._store.begin() as work:
            rows = RolloutRows(work.connection)
            _require_alone(rows.open(), wish)
            nodes = self._nodes(rows, wish)
            order = Order(0, wish.kind, wish.version, wish.group, nodes, now, who.label, self._settings)
            number = rows.start(order)
            told = {"kind": wish.kind.value, "version": wish.version, "nodes": len(nodes)}
            AuditRows(work.connection).write(who, "rollout.started", f"rollout:{number}", told, now)
        return number

    def do(self, number: int, what: What, who: Principal) -> bool:
        """PAUSED, RESUMED or ABORTED. False where the roll-out is not in a state for that, or there is none."""
        now = self._clock()
        with self._store.begin() as work:
            rows = RolloutRows(work.connection)
            found = rows.one(number)
            if found is None or found.state not in _WISHES[what]:
                return False
            event = Event(what, now, who=who.label)
            found.apply(event)
            rows.keep(found, [event])
            AuditRows(work.connection).write(who, f"rollout.{what.value}", f"rollout:{number}", {}, now)
        return True

    # What time does

    def tick(self, now: int, group: str | None = None) -> list[NodeCommand]:
        """What is to be sent. A trouble is logged, and tried again at the next tick."""
        if 0 <= now - self._ticked < _EVERY_MS:
            return []
        self._ticked = now
        try:
            return self._tick(now, group)
        except Exception:
            log.exception("the roll-outs could not be looked at")
            return []

    def _tick(self, now: int, group: str | None) -> list[NodeCommand]:
        """`group`: the only one that is looked after; without it all are."""
        with self._store.reading() as connection:
            if not RolloutRows(connection).open():
                return []
        with self._store.begin() as work:
            rows = RolloutRows(work.connection)
            open_ones = [each for each in rows.open() if group in (None, each.order.group)]
            looked = [(each, rows.facts(each.order.group)) for each in open_ones]
            for found, facts in looked:
                self._go_on(work, found, facts, now)
        return [each for found, facts in looked for each in self._commands(found, facts, now)]

    def _go_on(self, work: UnitOfWork, found: Rollout, facts: Mapping[str, Fact], now: int) -> None:
        events = decide(found, facts, now)
        RolloutRows(work.connection).keep(found, events)
        for event in events:
            _say(found.order, event)
            if event.what in (What.STOPPED, What.FINISHED):
                AuditRows(work.connection).write(
                    "hub", f"rollout.{event.what}", f"rollout:{found.order.number}", {}, now
                )

    def _commands(self, found: Rollout, facts: Mapping[str, Fact], now: int) -> Iterable[NodeCommand]:
        """Asked once more when it comes back, and now and then, until it has told."""
        order = found.order
        if found.state is not State.RUNNING:
            return
        for name in found.begun:
            fact = facts.get(name, UNKNOWN)
            if found.standing(name) is not Standing.ASKED or not fact.online:
                continue
            last = self._asked.get((order.number, name))
            if last is None or fact.since > last or now - last >= order.settings.ask_again_ms:
                self._asked[order.number, name] = now
                yield _command(order, name)

    # What computers ask and tell

    def versions(self, node: NodeKey) -> Versions:
        return Versions(*(self._given(node, kind) for kind in Kind))

    def config(self, node: NodeKey) -> str | None:
        """What it begins with: what it was given last, else the newest that was published for it."""
        return self._offered.config(node, self._given(node, Kind.CONFIG))

    def heard(self, node: NodeKey, outcome: Outcome, now: int) -> None:
        kind, reason = _KINDS[outcome.kind], _REASONS[outcome.result]
        with self._store.begin() as work:
            rows = RolloutRows(work.connection)
            rows.remember(node, Told(kind, outcome.version, reason, outcome.why, now))
            for each in rows.concerning(node, kind):
                if each.order.version != outcome.version or node.name not in each.nodes:
                    continue
                found = rows.one(each.order.number)
                event = hear(found, node.name, reason, outcome.why, now) if found else None
                if found is not None and event is not None:
                    rows.keep(found, [event])
                    _say(found.order, event)
                return

    def _given(self, node: NodeKey, kind: Kind) -> str | None:
        with self._store.reading() as connection:
            found = RolloutRows(connection).concerning(node, kind)
        return next((each.order.version for each in found if each.gives(node.name)), None)

    def _require_signed(self, wish: Wish) -> None:
        known = self._offered.versions(wish.kind)
        if wish.version not in known:
            said = ", ".join(known[:5]) or "none"
            raise RolloutRefused(
                Refusal.UNKNOWN, f"{wish.kind} {wish.version:.80} is not signed for; there are: {said}"
            )

    def _nodes(self, rows: RolloutRows, wish: Wish) -> tuple[str, ...]:
        """Raises RolloutRefused where it is for nobody, or nobody signed for it."""
        nodes = rows.eligible(wish.group)
        if wish.nodes is not None:
            strangers = sorted(wish.nodes - set(nodes))
            if strangers:
                raise RolloutRefused(Refusal.STRANGER, f"--node: {', '.join(strangers)} is not let in, or was shut out")
            nodes = tuple(name for name in nodes if name in wish.nodes)
        self._require_signed(wish)
        if wish.kind is Kind.CONFIG:
            names = self._offered.names()
            nodes = tuple(each for each in nodes if config_target(NodeKey(wish.group, each), wish.version) in names)
        if not nodes:
            text = f"{wish.kind} {wish.version} is for no computer of {wish.group}: none was let in that could take it"
            raise RolloutRefused(Refusal.NOBODY, text)
        return nodes


def _require_alone(open_ones: Iterable[Rollout], wish: Wish) -> None:
    for each in open_ones:
        order = each.order
        if (order.group, order.kind) == (wish.group, wish.kind):
            text = f"roll-out {order.number} of {order.kind} {order.version} to {order.group} is not over"
            raise RolloutRefused(Refusal.ANOTHER, f"{text}: wait for it, or dltv-hub rollout abort {order.number}")


def _command(order: Order, name: str) -> NodeCommand:
    node = NodeKey(order.group, name)
    if order.kind is Kind.RELEASE:
        return NodeCommand(node, (command(UPDATE_TO, order.version),))
    version = f"{PROFILES_PREFIX}{order.version}" if order.kind is Kind.PROFILES else order.version
    return NodeCommand(node, (command(CONFIG_VERSION, version),))


def _say(order: Order, event: Event) -> None:
    what = f"roll-out {order.number} of {order.kind} {order.version} to {order.group}"
    about = " ".join(filter(None, (event.node, event.reason and event.reason.value, event.why)))
    level = logging.WARNING if event.what in (What.FAILED, What.STOPPED) else logging.INFO
    log.log(
        level, "%s: %s %s", what, event.what.value, about or f"{len(event.nodes)} computers" if event.nodes else about
    )
