"""What ingestion counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from hub.ingestion.reasons import Reason
from wire.topics import MessageType


class Counters:
    """All start at zero and every reason is there from the first scrape on, so that an alert can tell 0 from absent."""

    def __init__(self, registry: CollectorRegistry) -> None:
        messages = Counter("dltv_messages", "Messages that arrived, by type", ["type"], registry=registry)
        self._messages = {kind: messages.labels(kind.value) for kind in MessageType}
        self._rejected = Counter(
            "dltv_messages_rejected", "What was refused, wholly or in part", ["reason"], registry=registry
        )
        self.reports = Counter("dltv_reports", "Reports committed", registry=registry)
        self.duplicates = Counter("dltv_duplicates", "Reports that were there already", registry=registry)
        self.lost = Counter(
            "dltv_reports_lost", "Reports that agents had to drop before we had them", registry=registry
        )
        self.commits = Counter("dltv_commits", "Transactions committed", registry=registry)
        self.commit_failures = Counter("dltv_commit_failures", "Transactions that failed", registry=registry)
        self.commit_seconds = Histogram("dltv_commit_seconds", "How long a transaction took", registry=registry)
        self.commands = Counter("dltv_commands", "Commands sent to nodes, by kind", ["kind"], registry=registry)
        self.queue_depth = Gauge("dltv_queue_depth", "Messages that wait for ingestion", registry=registry)
        for reason in Reason:
            self._rejected.labels(reason.value)

    def hear(self, kind: MessageType, times: int) -> None:
        self._messages[kind].inc(times)

    @property
    def heard(self) -> int:
        """Messages that have come so far."""
        return int(sum(each._value.get() for each in self._messages.values()))

    def reject(self, reason: Reason, times: int = 1) -> None:
        self._rejected.labels(reason.value).inc(times)

    def rejected(self, reason: Reason) -> float:
        """How often so far."""
        return float(self._rejected.labels(reason.value)._value.get())
