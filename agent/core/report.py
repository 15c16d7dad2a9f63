"""Report by exception: of what was read, that which is worth telling. Dead bands and heartbeats come from the profiles.

Heartbeats of all devices fall on the same beats of the clock: what says nothing new is then told together, in one write to the
disk and few packets. Each node has beats of its own, so that the nodes of a district do not speak all at once.
"""

from collections.abc import Mapping

from agent.core.readings import Poll, Report, Value
from firmware_profiles.schema import ReportRules
from wire.vocabulary import REACHABLE

_LONG_AGO = -(1 << 62)


class Reporter:
    """What was last told of each device, and by which rules: device key to rules, None being the node's own computer.

    shift_ms  by how much the beats of this node lie before those of the clock
    """

    def __init__(self, rules: Mapping[str | None, ReportRules], shift_ms: int = 0) -> None:
        self._rules, self._shift = dict(rules), shift_ms
        self._told: dict[str | None, dict[str, tuple[Value, int]]] = {}

    def add(self, device: str | None, rules: ReportRules) -> None:
        """A further device, or one that is something else than before, and its rules."""
        self.drop(device)
        self._rules[device] = rules

    def drop(self, device: str | None) -> None:
        self._rules.pop(device, None)
        self._told.pop(device, None)

    def take(self, poll: Poll) -> Report | None:
        """What to tell of this poll, or None. A device that comes back, like a new one, is told in full."""
        if poll.readings.get(REACHABLE) is False:
            self._forget(poll.device)
        told = self._told.setdefault(poll.device, {})
        rules = self._rules.get(poll.device) or ReportRules()
        worth, news = [], False
        for name, value in poll.readings.items():
            before, at = told.get(name, (None, _LONG_AGO))
            known = name in told and (at != _LONG_AGO or value is None)
            is_news = not known or _moved(before, value, rules.dead_bands.get(name, 0.0))
            if is_news or (value is not None and self._beats(rules.heartbeat_of(name) * 1000, at, poll.t)):
                worth.append((name, value))
                news |= is_news
        told.update((name, (value, poll.t)) for name, value in worth)
        return Report(poll.device, poll.t, tuple(worth), news) if worth else None

    def tell_all(self) -> None:
        """Somebody wants to know now: what is read next is told, changed or not."""
        for told in self._told.values():
            told.update((name, (value, _LONG_AGO)) for name, (value, _) in told.items())

    def _beats(self, every: int, told_at: int, now: int) -> bool:
        """Whether a beat lies between. A clock that was set back must not silence a metric until it has caught up."""
        return now < told_at or (now + self._shift) // every != (told_at + self._shift) // every

    def _forget(self, device: str | None) -> None:
        """What a lost device last said is not true any more."""
        told = self._told.get(device, {})
        for name in [name for name in told if name != REACHABLE]:
            del told[name]


def _moved(before: Value, value: Value, dead_band: float) -> bool:
    if isinstance(before, bool) or isinstance(value, bool):
        return before is not value
    if isinstance(before, int | float) and isinstance(value, int | float):
        return abs(value - before) > dead_band
    return before != value
