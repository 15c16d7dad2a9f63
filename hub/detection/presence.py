"""Whether a node is there: from its birth to its death. An end that nobody saw is noticed by the next birth, or by time."""

from dataclasses import dataclass, field

from hub.detection.thresholds import PresenceSettings

MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_PAUSE_FADES = 0.995
_USUAL_DAYS, _USUAL_OF = 3, 7
_KEPT_MS = 45 * _DAY_MS
_LONGEST_QUIET_MS = 14 * _DAY_MS


@dataclass(slots=True)
class Presence:
    """A node's presence.

    known_since  when it was first heard
    heard_at    newest event time of anything it said
    heard_since  when its session began
    away_since  when its absence began; None while it is there
    pause_ms    the longest pause between its reports, fading: what is usual for it; a day before that is known
    past        [start, end, cause] of its absences; cause empty where nothing explains it
    missed      the cause under which its absence has been told: school_offline; empty before
    area        it is away together with neighbours
    """

    known_since: int | None = None
    heard_at: int | None = None
    heard_since: int | None = None
    away_since: int | None = None
    pause_ms: float = float(_DAY_MS)
    past: list[tuple[int, int, str]] = field(default_factory=list)
    missed: str = ""
    missed_from: int | None = None
    area: bool = False

    @property
    def away(self) -> bool:
        return self.away_since is not None

    def hear(self, t: int) -> None:
        """It said something for `t`."""
        if self.heard_at is None or t > self.heard_at:
            if self.heard_at is not None:
                pause, usual = float(t - self.heard_at), self.pause_ms * _PAUSE_FADES
                self.pause_ms = pause if pause > usual else usual
            self.heard_at = t
            if self.known_since is None:
                self.known_since = t

    def quiet_ms(self, settings: PresenceSettings) -> int:
        """After so long without a word it may have died unseen. By Sparkplug a node is there until its death."""
        return min(round(settings.quiet_min * MINUTE_MS + 3 * self.pause_ms), _LONGEST_QUIET_MS)

    def died_unseen(self, t: int, settings: PresenceSettings) -> bool:
        """It was quiet for longer than it ever is, and is born at `t` although nobody told its death."""
        return not self.away and self.heard_at is not None and t - self.heard_at > self.quiet_ms(settings)

    def leave(self, t: int) -> None:
        if self.away_since is None:
            self.away_since = t

    def come_back(self, t: int, cause: str) -> None:
        """It is there again since `t`."""
        if self.away_since is not None:
            self.past = [each for each in self.past if each[1] >= t - _KEPT_MS]
            self.past.append((self.away_since, t, cause))
        self.away_since, self.missed, self.missed_from, self.area = None, "", None, False
        # An absence is no pause: the next one is counted from its next word.
        self.heard_at = None

    def is_usual(self, t: int, settings: PresenceSettings) -> bool:
        """Whether it goes away at this hour on most days: then somebody switches it off."""
        return self.days_away_at(t, _USUAL_OF, settings) >= _USUAL_DAYS

    def days_away_at(self, t: int, days: int, settings: PresenceSettings) -> int:
        """On how many of the `days` before `t` it went away at this hour, give or take."""
        near = settings.usual_min * MINUTE_MS
        return len(
            {
                round((t - start) / _DAY_MS)
                for start, _, _ in self.past
                if 0.5 * _DAY_MS < t - start < (days + 0.5) * _DAY_MS
                and abs((t - start + _DAY_MS // 2) % _DAY_MS - _DAY_MS // 2) <= near
            }
        )
