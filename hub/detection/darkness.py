"""Lessons that a dish takes from its rooms: while a receiver has no lock, and while a told fault keeps the whole dish dark."""

from dataclasses import dataclass

from hub.detection.aerials import Aerials
from hub.detection.levels import Condition
from hub.detection.rooms import Ledger, Loss
from hub.detection.world import Calendar, World

UNEXPLAINED = "rain_fade"
"""What went dark and came back by itself, too soon to be weighed as anything else."""


@dataclass(slots=True)
class Darkness:
    """The dark times of one school's dishes, as losses in its ledger."""

    aerials: Aerials
    world: World
    time: Calendar
    ledger: Ledger

    def note(self, name: str, t: int) -> None:
        """A receiver without lock has no lesson, for what its dish has; with a dish that is well it has a fault of its own."""
        dish = self.aerials.dishes[name]
        episode = dish.episode
        cause = dish.told or self._upstream(episode.leading if episode is not None else "")
        for device, level in self.aerials.receivers(name):
            if not device.facts.room:
                continue
            if level.condition is Condition.DARK and (episode is not None or dish.told):
                if level.lost_since is None:
                    level.lost_since = level.since if episode is None else max(level.since, episode.onset)
                key = f"dark/{device.node}/{device.key}/{level.lost_since}"
                self.ledger.lose(key, Loss([device.facts.room], cause, level.lost_since), self.time, t)
            elif level.lost_since is not None:
                self.ledger.end(f"dark/{device.node}/{device.key}/{level.lost_since}", t, self.time)
                level.lost_since = None

    def stay(self, name: str, t: int) -> None:
        """While a told fault leaves the dish dark, its rooms have no lesson, also while the receivers are switched off."""
        dish = self.aerials.dishes[name]
        episode = dish.episode
        if episode is not None and episode.dark_since is not None and dish.told:
            key = f"dish/{name}/{episode.onset}"
            self.ledger.lose(key, Loss(self.aerials.rooms(name), dish.told, episode.dark_since), self.time, t)

    def pass_by(self, name: str, onset: int, end: int) -> None:
        """The dish is well since `end`."""
        self.ledger.end(f"dish/{name}/{onset}", end, self.time)
        self.note(name, end)

    def _upstream(self, leading: str) -> str:
        """What took the signal for now, if no fault is told."""
        return next(
            (each.code for each in self.world.hypotheses if each.code == leading and not each.repair), UNEXPLAINED
        )
