"""Lessons that a dish takes from its rooms: while a receiver has no lock, and while a told fault keeps the whole dish dark."""

from dataclasses import dataclass, replace

from hub.detection.aerials import Aerials
from hub.detection.dishes import Episode, Gloom
from hub.detection.levels import Condition, Level
from hub.detection.rooms import Ledger, Loss
from hub.detection.texts import DEGRADING
from hub.detection.view import DeviceView
from hub.detection.world import Calendar, World

_SATELLITE, _OUT, _SUN = "satellite/", "satellite_outage", "sun_outage"
SUN_LINGERS_MS = 15 * 60_000
"""So long after the sun has left the satellite the last reports show that the signal is back: three at most decide."""
_BEFORE_MS = 20 * 60_000
"""Receivers of a dish lose lock one after the other."""
UNEXPLAINED = "rain_fade"
"""What went dark and came back by itself, too soon to be weighed as anything else."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A dish was told to have `was` since `since`. It was one receiver that had `cause`."""

    was: str
    since: int
    cause: str


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
        untold = DEGRADING if dish.declines else UNEXPLAINED
        cause = dish.told or self._upstream(episode.leading if episode is not None else "", untold)
        if dish.told:
            self.stay(name, t)
        unseen = dish.shown == Gloom.DARK and episode is not None and (episode.stays_dark or not dish.told)
        for device, level in self.aerials.receivers(name):
            if not device.facts.room:
                continue
            self._give_back(f"dark/{device.node}/{device.key}", level, t)
            dark = level.condition is Condition.DARK and (episode is not None or bool(dish.told))
            if dark or (unseen and level.condition is Condition.UNSEEN):
                # What is switched off on a dish that is dark could show no lesson either.
                if level.lost_since is None:
                    level.lost_since = level.since if episode is None else max(level.since, _began(episode, dark=dark))
                key = f"dark/{device.node}/{device.key}/{level.lost_since}"
                before, took = self.ledger.losses.get(key), self._took(level.lost_since, cause)
                supposed = not dark and (before is None or before.supposed)
                lost = Loss([device.facts.room], took, level.lost_since, supposed=supposed)
                self.ledger.lose(key, lost, self.time, t)
            elif level.lost_since is not None:
                key = f"dark/{device.node}/{device.key}/{level.lost_since}"
                loss = self.ledger.losses.get(key)
                if episode is not None and loss is not None:
                    # What took it is known by now, if it was too short to be looked at while it lasted.
                    took = self._took(level.lost_since, cause)
                    self.ledger.lose(key, replace(loss, cause=took, end=None), self.time, t)
                self.ledger.end(key, t, self.time)
                level.lost_since = None

    def _took(self, since: int, cause: str) -> str:
        """What had lock until the satellite went was taken by the satellite, whatever its dish has besides."""
        return cause if self.world.sky.outage_at(since) is None else _OUT

    def _give_back(self, key: str, level: Level, t: int) -> None:
        """What took the lock of all is over, for so long that slow polls show it: what is still dark is so for another reason."""
        over = None if level.lost_since is None else self._over(f"{key}/{level.lost_since}", level.lost_since, t)
        if over is not None:
            self.ledger.end(f"{key}/{level.lost_since}", over, self.time, t)
            level.lost_since = over

    def _over(self, key: str, since: int, t: int) -> int | None:
        outage = self.world.sky.outage_at(since)
        if outage is not None:
            return None if self.world.sky.satellite_out(t) else outage[1]
        loss = self.ledger.losses.get(key)
        return self.sun_gone(since, t) if loss is not None and loss.cause == _SUN else None

    def sun_gone(self, since: int, t: int, lingers_ms: int = SUN_LINGERS_MS) -> int | None:
        """When the sun left the satellite, after `since`; None where it has not, for so long, by `t`."""
        place = self.world.place_of(self.aerials.school)
        left = None if place is None else self.world.sun.left(*place, t)
        return left if left is not None and left > since and t - left >= lingers_ms else None

    def stay(self, name: str, t: int) -> None:
        """While a told fault leaves the dish dark, its rooms have no lesson, also while the receivers are switched off."""
        dish = self.aerials.dishes[name]
        episode = dish.episode
        dark_since = None if episode is None else episode.dark_since
        if dish.lost_since is not None and dark_since != dish.lost_since:
            # Some lock is back, weak as it is: what flickers is lost by receiver.
            self.ledger.end(f"dish/{name}/{dish.lost_since}", t, self.time)
            dish.lost_since = None
        if episode is not None and dark_since is not None and dish.told and episode.stays_dark:
            dish.lost_since = dark_since
            cause, start = dish.told, episode.dark_from or dark_since
            outage = self.world.sky.outage_at(dark_since)
            if outage is not None and (outage[1] is None or self.world.sky.satellite_out(t)):
                cause = _OUT
            elif outage is not None and outage[1] is not None:
                start = outage[1]
            loss = Loss(self.aerials.rooms(name), cause, start)
            self.ledger.lose(f"dish/{name}/{dark_since}", loss, self.time, t)

    def rename(self, name: str, onset: int, cause: str, t: int) -> None:
        """What it took since `onset`, it took for this cause, which is known only now."""
        for device, level in self.aerials.receivers(name):
            key = f"dark/{device.node}/{device.key}/"
            self._give_back(key[:-1], level, t)
            for each, loss in list(self.ledger.losses.items()):
                if not each.startswith(key) or loss.start < onset - _BEFORE_MS:
                    continue
                if loss.cause == _SUN and loss.end is not None and loss.end <= onset:
                    continue
                if loss.cause != (took := self._took(loss.start, cause)):
                    self.ledger.lose(each, replace(loss, cause=took), self.time, t)

    def acquit(self, name: str, receiver: DeviceView, onset: int, t: int) -> None:
        """It was this receiver that had no lock since `onset`, not its dish: rooms whose receivers were off then lost nothing."""
        for device, _ in self.aerials.receivers(name):
            key = f"dark/{device.node}/{device.key}/"
            for each, loss in list(self.ledger.losses.items()):
                falls = each.startswith(key) and loss.cause == UNEXPLAINED and loss.start >= onset - _BEFORE_MS
                if falls and (loss.supposed or device is receiver):
                    self.ledger.drop(each, self.time, t)

    def pass_on(self, name: str, receiver: DeviceView, mistake: Mistake, t: int) -> None:
        """What was lost to a fault of the dish, this receiver's room lost to the receiver's. The other rooms lost nothing."""
        rooms = [receiver.facts.room] if receiver.facts.room else []
        own = f"dark/{receiver.node}/{receiver.key}/"
        of_all = (f"dish/{name}/", *(f"dark/{each.node}/{each.key}/" for each, _ in self.aerials.receivers(name)))
        for key, loss in list(self.ledger.losses.items()):
            if loss.cause != mistake.was or loss.start < mistake.since - _BEFORE_MS or not key.startswith(of_all):
                continue
            if rooms and key.startswith((own, of_all[0])):
                self.ledger.lose(key, replace(loss, rooms=rooms, cause=mistake.cause), self.time, t)
            elif key.startswith(of_all[0]) or loss.supposed:
                self.ledger.drop(key, self.time, t)

    def take_over(self, receiver: DeviceView, was: str, cause: str, t: int) -> None:
        """What this receiver's room loses to a fault of the receiver, it loses to its dish's."""
        for key, loss in list(self.ledger.losses.items()):
            if loss.cause == was and loss.end is None and key.startswith(f"{receiver.node}/{receiver.key}/{was}/"):
                self.ledger.lose(key, replace(loss, cause=cause), self.time, t)

    def pass_by(self, name: str, end: int) -> None:
        """The dish is well since `end`."""
        self.stay(name, end)
        self.note(name, end)

    def black_out(self, cause: str, start: int, t: int) -> None:
        """The satellite is out since `start`: no room has a lesson, whether its receiver is on or off."""
        for name in self.aerials.names:
            if self.aerials.dish(name, t).shown in (Gloom.DARK, Gloom.UNSEEN):
                key = f"{_SATELLITE}{name}/{start}"
                self.ledger.lose(key, Loss(self.aerials.rooms(name), cause, start), self.time, t)

    def light_up(self, t: int) -> None:
        """It is back."""
        for key in [key for key in self.ledger.losses if key.startswith(_SATELLITE)]:
            self.ledger.end(key, t, self.time)

    def _upstream(self, leading: str, untold: str) -> str:
        """What took the signal for now, if no fault of it is told; `untold`: where it has not been weighed yet."""
        return next((each.code for each in self.world.hypotheses if each.code == leading and not each.repair), untold)


def _began(episode: Episode, *, dark: bool) -> int:
    """Since when a receiver counts: one that is seen dark since the onset, one that is off since all others are dark."""
    return episode.onset if dark or episode.dark_since is None else episode.dark_since
