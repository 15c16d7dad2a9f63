"""What other monitors would have opened: a threshold per device, fifteen minutes' patience, closed on recovery.

No neighbours, no weather, no baselines; late reports (`historical`) find no reader. With a calendar the same rule looks only
at class hours, which is the kindest form of it: what began earlier counts from the beginning of class.
"""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

from simulator.evaluation.told import Ticket, Unreadable
from simulator.schooldays import Calendar

PATIENCE_MS = 15 * 60_000
LOWEST_CNR_DB = 10.0
"""Where a DVB-S2 8PSK 3/4 receiver has some two dB left."""
CAUSES = {"cnr": "dish_misaligned", "lock": "lnb_failed", "reach": "", "node": "school_offline"}
Key = tuple[str, str | None, str]


@dataclass(slots=True)
class PlainRule:
    """Conditions that hold, since when; and the tickets that came of those that held long enough."""

    calendar: Calendar | None = None
    schools: dict[str, str] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    _since: dict[Key, int] = field(default_factory=dict)
    _kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    _now: int = 0

    def take(self, message: dict[str, Any]) -> None:
        if message.get("historical"):
            return
        t, kind, node = message["t"], message["type"], message["node"]
        device = message.get("device")
        self._now = max(self._now, t)
        if kind in ("NBIRTH", "NDEATH"):
            self._judge((node, None, "node"), kind == "NDEATH", t)
            if kind == "NDEATH":
                self._forget(node, t)
        elif kind == "DDEATH":
            self._judge((node, device, "reach"), True, t)
        elif device is not None:
            self._look(node, device, t, dict(message["metrics"]))

    def end(self) -> list[Ticket]:
        for key in list(self._since):
            self._judge(key, False, self._now, ended=False)
        return sorted(self.tickets, key=lambda ticket: ticket.opened_at)

    def _look(self, node: str, device: str, t: int, metrics: dict[str, Any]) -> None:
        if "Properties/kind" in metrics:
            self._kinds[(node, device)] = metrics["Properties/kind"]
        if "device/reachable" in metrics:
            self._judge((node, device, "reach"), metrics["device/reachable"] is False, t)
        if metrics.get("device/reachable") is False or metrics.get("power/on") is False:
            self._judge((node, device, "lock"), False, t)
            self._judge((node, device, "cnr"), False, t)
            return
        if isinstance(lock := metrics.get("signal/lock"), bool):
            self._judge((node, device, "lock"), not lock, t)
        if isinstance(cnr := metrics.get("signal/cnr_db"), int | float):
            self._judge((node, device, "cnr"), cnr < LOWEST_CNR_DB, t)

    def _forget(self, node: str, t: int) -> None:
        """Nothing is known of the devices behind a node that is gone."""
        for key in [key for key in self._since if key[0] == node and key[1] is not None]:
            self._judge(key, False, t)

    def _judge(self, key: Key, holds: bool, t: int, ended: bool = True) -> None:
        if holds:
            self._since.setdefault(key, t)
            return
        since = self._since.pop(key, None)
        if since is None:
            return
        opened = self._opened(since, t)
        if opened is not None:
            self.tickets.append(self._ticket(key, since, opened, t if ended else None))

    def _opened(self, since: int, until: int) -> int | None:
        if self.calendar is None:
            return since + PATIENCE_MS if until - since >= PATIENCE_MS else None
        moment = self.calendar.after(since / 1000, PATIENCE_MS / 1000, until / 1000)
        return None if moment is None else int(moment * 1000)

    def _ticket(self, key: Key, since: int, opened: int, recovered: int | None) -> Ticket:
        node, device, what = key
        kind = self._kinds.get((node, device or ""), "")
        cause = CAUSES[what] or ("receiver_failed" if kind == "receiver" else "tv_failed")
        return Ticket(self.schools.get(node, node), device, None, cause, opened, since, recovered)


def school_of(node: str) -> str:
    """The school's code: an agent's name without the number of a further agent."""
    stem, dash, number = node.rpartition("-")
    return stem if dash and number.isdigit() else node


class Listener(Protocol):
    def take(self, message: dict[str, Any], /) -> None: ...


def apply(recording: Path, rules: Iterable[PlainRule], *others: Listener) -> list[list[Ticket]]:
    """What the rules open. `others` hear the same lines."""
    all_rules = list(rules)
    try:
        for message in read_recording(recording):
            node = message["node"]
            for other in others:
                other.take(message)
            for rule in all_rules:
                if node not in rule.schools:
                    rule.schools[node] = school_of(node)
                rule.take(message)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{recording} holds a line that is no report: {error!r}") from error
    return [rule.end() for rule in all_rules]


def read_recording(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are JSON; others are none of a plain rule's business."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for line in file:
                try:
                    message = orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue
                yield message
    except OSError as error:
        raise Unreadable(f"cannot read {path}: {error}") from error
