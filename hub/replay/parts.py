"""The hub's own ingestion, detection and tickets, put together on the database of a replay."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from hub.config import HubSettings
from hub.detection.pace import PASSING, WHOLE
from hub.ingestion.counters import Counters
from hub.ingestion.reasons import Reason
from hub.ingestion.service import IngestionService
from hub.judging import Judging, make_detection
from hub.replay.heard import Heard
from hub.replay.player import Player
from hub.store.intake import IntakeStore
from hub.store.inventory import Inventory, register_schools
from hub.store.registration import register_devices
from hub.store.scratch import ScratchStore
from hub.tickets.service import Tickets


@dataclass(frozen=True, slots=True)
class Parts:
    player: Player
    counters: Counters

    def rejected(self) -> int:
        """Messages, and parts of messages, that ingestion refused."""
        return int(sum(self.counters.rejected(reason) for reason in Reason))


def assemble(scratch: ScratchStore, inventory: Inventory, settings: HubSettings, *, kept: bool) -> Parts:
    """What App makes for live traffic, without a network and without a clock. `kept`: somebody may go on with the database."""
    register_schools(scratch, inventory)
    register_devices(scratch, inventory)
    intake = IntakeStore(scratch)
    fleet = intake.load()
    fleet.register, fleet.watched = inventory.register, False
    counters = Counters(CollectorRegistry())
    heard = Heard(intake.begin, scratch, kept=kept)
    ingestion = IngestionService(heard.begin, fleet, settings.ingestion, counters)
    judging = Judging(
        scratch,
        make_detection(settings, inventory, WHOLE if kept else PASSING),
        Tickets(settings.tickets),
        heard.judgements,
    )
    grace_ms = round(settings.detection.startup_grace_min * 60_000)
    return Parts(Player(scratch, inventory.district.code, ingestion, judging, grace_ms), counters)
