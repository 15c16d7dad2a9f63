"""Reads how it goes with ingestion: of a whole hub, or of one district in a process of several. And shows it to Prometheus."""

from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge

from hub.watching.signs import IntakeSigns


@dataclass(frozen=True, slots=True)
class Intake:
    """Where the signs are read.

    idle_s     seconds since ingestion did a whole step
    connected  whether all brokers are reached
    heard      messages that have come so far
    waiting    messages that wait for ingestion
    """

    idle_s: Callable[[], float]
    connected: Callable[[], bool]
    heard: Callable[[], int]
    waiting: Callable[[], int]


class IntakeWatch:
    """Since when what is as it is, as it was seen at each look."""

    def __init__(self, intake: Intake, now: int) -> None:
        self._intake = intake
        self._idle_at = now
        self._connected_at: int | None = None
        self._parted_at: int | None = None
        self._heard_at: int | None = None
        self._heard = 0

    def look(self, now: int) -> IntakeSigns:
        heard = self._intake.heard()
        if heard != self._heard:
            self._heard, self._heard_at = heard, now
        if self._intake.connected():
            self._connected_at, self._parted_at = self._connected_at or now, None
        else:
            self._connected_at, self._parted_at = None, self._parted_at or now
        if not self._intake.waiting():
            self._idle_at = now
        stepped_at = now - round(self._intake.idle_s() * 1000)
        return IntakeSigns(stepped_at, self._connected_at, self._parted_at, self._heard_at, self._idle_at)


class IntakeGauges:
    """Of the process that takes reports in; docs/alerts.yml has the rules."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, told: str) -> Gauge:
            return Gauge(f"dltv_{name}", told, registry=registry)

        self._heard = gauge("heard_timestamp_seconds", "When anybody was heard last; 0: nobody since the start")
        self._stepped = gauge("ingested_timestamp_seconds", "When ingestion did a whole step last")
        self._connected = gauge("broker_connected", "1 while all brokers are reached")

    def rest(self, now: int) -> None:
        """There is nothing to be taken in here: nothing hangs for that."""
        self._stepped.set(now / 1000)

    def show(self, signs: IntakeSigns) -> None:
        self._heard.set((signs.heard_at or 0) / 1000)
        self._stepped.set(signs.stepped_at / 1000)
        self._connected.set(signs.parted_at is None)
