"""Detection: judges what nodes have newly reported, and once in a while the time that passed without a report.

Asks the world for the ports below. What it concludes and the state that it folded are saved in the caller's transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from hub.core.equipment import HOST, NodeKey
from hub.core.findings import Finding
from hub.core.reports import Report
from hub.detection.case import Case, dump, load
from hub.detection.causes import CAUSES
from hub.detection.evaluate import Judge
from hub.detection.facts import NOTHING_KNOWN, Catalogue, DeviceFacts, NodeHeard, ProfileFacts
from hub.detection.progress import ClassTime
from hub.detection.settings import DetectionSettings
from hub.detection.signs import MINUTE_MS, Cause

_REPORTS_AT_ONCE = 5_000
"""Of one node in one transaction. The next tick goes on; meanwhile other nodes get their turn."""


class Judgements(Protocol):
    """What is stored for detection, within one transaction."""

    def nodes(self) -> Iterable[NodeHeard]:
        """All nodes."""

    def behind(self) -> Iterable[NodeKey]:
        """Nodes that have reports which could be judged now."""

    def heard(self, node: NodeKey) -> NodeHeard | None: ...

    def devices(self, node: NodeKey) -> Iterable[DeviceFacts]: ...

    def state(self, node: NodeKey) -> Mapping[str, Any] | None:
        """What `save` was last given."""

    def unjudged(self, node: NodeKey) -> Iterator[Report]:
        """The reports that come next in the node's journals, in order, up to the first gap that may still be filled."""

    def save(self, node: NodeKey, state: Mapping[str, Any], judged: Mapping[str, int]) -> None:
        """Keep the state that the reports fold to. `judged`: by epoch, the last offset that it holds."""


class Detection:
    """Keeps between calls only what it could find out again: when to look at a node, and when it began."""

    def __init__(
        self, settings: DetectionSettings, time: ClassTime, catalogue: Catalogue, causes: Iterable[Cause] = CAUSES
    ) -> None:
        causes = tuple(causes)
        self._settings = settings
        self._time = time
        self._catalogue = catalogue
        self._judge = Judge(settings, time, causes)
        self._unheard_ms = [cause.unheard(settings).ms for cause in causes if cause.unheard]
        self._listening_since: int | None = None
        self._wake: dict[NodeKey, int | None] = {}

    def judge(self, store: Judgements, nodes: Iterable[NodeKey], now: int) -> list[Finding]:
        """Judge what these nodes have reported."""
        return [finding for node in dict.fromkeys(nodes) for finding in self._judge_node(store, node, now)]

    def tick(self, store: Judgements, now: int, *, listening: bool = True) -> list[Finding]:
        """Judge what was left over, and the time that passed: for nodes that are there and for those that are missing.

        `listening`: the hub is connected to its broker. While it is not, no node is missed, and afterwards grace begins anew.
        """
        if not listening:
            self._listening_since = None
        elif self._listening_since is None:
            self._listening_since = now
        findings = self.judge(store, list(store.behind()), now)
        for heard in store.nodes():
            findings += self._watch(store, heard, now)
        return findings

    def _judge_node(self, store: Judgements, node: NodeKey, now: int) -> list[Finding]:
        case = self._open(store, node)
        findings: list[Finding] = []
        judged: dict[str, int] = {}
        for report in islice(store.unjudged(node), _REPORTS_AT_ONCE):
            findings += self._judge.take(case, report, now)
            judged[report.epoch] = report.offset
        heard = store.heard(node)
        if heard is not None and heard.heard_at is not None:
            findings += self._judge.hear(case, node, heard.heard_at)
        if judged or findings:
            self._close(store, node, case, judged)
        return findings

    def _watch(self, store: Judgements, heard: NodeHeard, now: int) -> list[Finding]:
        findings: list[Finding] = []
        if heard.online and heard.caught_up and self._is_time_to_look(heard.node, now):
            findings += self._let_time_pass(store, heard, now)
        if heard.heard_at is not None and self._may_be_missed(heard.heard_at, now):
            findings += self._miss(store, heard.node, heard.heard_at, now)
        return findings

    def _let_time_pass(self, store: Judgements, heard: NodeHeard, now: int) -> list[Finding]:
        """Report by exception: a node that is there and says nothing new says that all is as it was."""
        case = self._open(store, heard.node)
        before = case.view.t
        attended = before is not None and heard.status_since is not None and heard.status_since <= before
        until = self._settled(now)
        findings = self._judge.advance(case, heard.node, until, attended=attended) if before is not None else []
        if case.view.t != before:
            self._close(store, heard.node, case, {})
        return findings

    def _miss(self, store: Judgements, node: NodeKey, heard_at: int, now: int) -> list[Finding]:
        case = self._open(store, node)
        findings = self._judge.miss(case, node, heard_at, now)
        if findings:
            self._close(store, node, case, {})
        return findings

    def _may_be_missed(self, heard_at: int, now: int) -> bool:
        grace_ms = self._settings.startup_grace_min * MINUTE_MS
        if self._listening_since is None or now - self._listening_since < grace_ms:
            return False
        silent_ms = self._time.class_ms_between(heard_at, now)
        return any(silent_ms >= unheard_ms for unheard_ms in self._unheard_ms)

    def _is_time_to_look(self, node: NodeKey, now: int) -> bool:
        wake = self._wake.get(node, 0)
        return wake is not None and wake <= self._settled(now)

    def _settled(self, now: int) -> int:
        return now - round(self._settings.settle_s * 1000)

    def _open(self, store: Judgements, node: NodeKey) -> Case:
        case = load(store.state(node))
        case.learn_facts((facts, self._profile(facts)) for facts in store.devices(node))
        self._judge.forget_undeclared(case)
        self._wake[node] = self._when_to_look(case)
        return case

    def _close(self, store: Judgements, node: NodeKey, case: Case, judged: Mapping[str, int]) -> None:
        store.save(node, dump(case), judged)
        self._wake[node] = self._when_to_look(case)

    def _when_to_look(self, case: Case) -> int | None:
        """When its signs want to know that time has passed: in good time before a silence would count as switched off."""
        due = case.next_due()
        if due is None or case.view.t is None:
            return None
        return min(due, case.view.t + round(self._settings.node_quiet_min * MINUTE_MS / 2))

    def _profile(self, facts: DeviceFacts) -> ProfileFacts:
        name = facts.profile or (self._settings.host_profile if facts.key == HOST else None)
        profile = self._catalogue.get(name) if name else None
        return NOTHING_KNOWN if profile is None else ProfileFacts.of(profile)
