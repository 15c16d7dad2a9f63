"""What happens next in a roll-out, from what is known of its computers now.

1. who reports with the new version is well; who did not tell in time, or fell silent, has failed
2. more failures in a wave than it may have stop the roll-out, until a person lets it go on
3. a wave is through when nobody of it is still at it; then the next begins, with computers that are online. Where nobody
   became well and a person lets it go on, it is tried again with others
4. who is in a wave that has begun and is online is asked; who is offline is left for later, and asked when it is back
So no more than one wave is ever at risk: the next begins when all who were asked have told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.rollouts.events import Event, Reason, What
from hub.rollouts.rollout import Kind, Progress, Rollout, Standing, State

_TOLD = (Reason.ROLLED_BACK, Reason.REFUSED, Reason.FAILED)


@dataclass(frozen=True, slots=True)
class Fact:
    """What the hub knows of a computer now. since: when it came online or went; versions: those it reports with, by kind."""

    online: bool
    since: int
    versions: Mapping[Kind, str]


UNKNOWN = Fact(False, 0, {})


def decide(rollout: Rollout, facts: Mapping[str, Fact], now: int) -> list[Event]:
    """What happens now, in its order; the roll-out has taken it in."""
    events: list[Event] = []
    for step in (_reports, _overdue, _stop, _next_wave, _ask, _finish):
        for event in list(step(rollout, facts, now)):
            rollout.apply(event)
            events.append(event)
    return events


def hear(rollout: Rollout, node: str, reason: Reason, why: str, now: int) -> Event | None:
    """What a computer's updater told. None where it is known already, or the roll-out is none of its own."""
    if node not in rollout.nodes or not rollout.waves:
        return None
    before = rollout.nodes[node]
    what = What.HEALTHY if reason is Reason.TOLD else What.FAILED
    event = Event(what, now, node=node, reason=reason, why=why)
    known = before.standing.value == what.value and (before.reason is reason or what is What.HEALTHY)
    if known or before.standing is Standing.WAITING:
        return None
    rollout.apply(event)
    return event


def _reports(rollout: Rollout, facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    order = rollout.order
    for node, progress in rollout.nodes.items():
        fact = facts.get(node, UNKNOWN)
        runs = fact.online and fact.versions.get(order.kind) == order.version
        if not runs or not _may_become_healthy(progress) or not rollout.state.is_open:
            continue
        if now - fact.since >= order.settings.settled_ms:
            yield Event(What.HEALTHY, now, node=node, reason=Reason.REPORTS)


def _overdue(rollout: Rollout, facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    settings = rollout.order.settings
    if not rollout.state.is_open:
        return
    for node, progress in rollout.nodes.items():
        if progress.standing is not Standing.ASKED:
            continue
        fact = facts.get(node, UNKNOWN)
        if fact.online and now - max(progress.at, fact.since) >= settings.healthy_within_ms:
            yield Event(What.FAILED, now, node=node, reason=Reason.SLOW)
        elif now - progress.at >= settings.silent_ms + settings.healthy_within_ms:
            reason = Reason.SLOW if fact.online else Reason.SILENT
            yield Event(What.FAILED, now, node=node, reason=reason)


def _stop(rollout: Rollout, _facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    if rollout.state not in (State.RUNNING, State.PAUSED) or not rollout.waves:
        return
    if rollout.failures > rollout.order.settings.allowed(len(rollout.waves[-1])):
        yield Event(What.STOPPED, now)


def _next_wave(rollout: Rollout, facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    if rollout.state is not State.RUNNING or rollout.is_in_last_wave or not _is_through(rollout, facts):
        return
    settings, begun = rollout.order.settings, set(rollout.begun)
    left = [node for node in rollout.order.nodes if node not in begun]
    wave = rollout.next_level
    if wave == len(settings.waves) - 1:
        yield Event(What.WAVE, now, nodes=tuple(left))
        return
    online = [node for node in left if facts.get(node, UNKNOWN).online]
    chosen = tuple(online[: settings.size(wave, len(rollout.order.nodes))])
    if chosen:
        yield Event(What.WAVE, now, nodes=chosen)


def _is_through(rollout: Rollout, facts: Mapping[str, Fact]) -> bool:
    """Of the wave that runs: nobody is still at it, nobody who is online waits, and somebody has told.

    Where all who told have failed, a person has let it go on.
    """
    for node in rollout.begun:
        standing = rollout.standing(node)
        if standing is Standing.ASKED or (standing is Standing.WAITING and facts.get(node, UNKNOWN).online):
            return False
    if not rollout.waves:
        return True
    counts = rollout.counts(rollout.waves[-1])
    return counts[Standing.HEALTHY] + counts[Standing.FAILED] > 0


def _ask(rollout: Rollout, facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    if rollout.state is not State.RUNNING:
        return
    for node in rollout.begun:
        if rollout.standing(node) is Standing.WAITING and facts.get(node, UNKNOWN).online:
            yield Event(What.ASKED, now, node=node)


def _finish(rollout: Rollout, _facts: Mapping[str, Fact], now: int) -> Iterator[Event]:
    counts = rollout.counts(rollout.order.nodes)
    if rollout.state is State.RUNNING and not counts[Standing.WAITING] and not counts[Standing.ASKED]:
        yield Event(What.FINISHED, now)


def _may_become_healthy(progress: Progress) -> bool:
    """Who told that it failed is believed more than its version, which it may be about to leave."""
    if progress.standing is Standing.FAILED:
        return progress.reason not in _TOLD
    return progress.standing is not Standing.HEALTHY
