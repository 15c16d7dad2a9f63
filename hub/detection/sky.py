"""What the schools of a district show together: who fades beside whom, whether the satellite is out, who died with whom.

Knows every school's dishes and absences only as they are told here. Decides what is common; what one school has is weighed
there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from hub.detection.dishes import Gloom
from hub.detection.geography import Neighbourhood
from hub.detection.incidents import Incidents
from hub.detection.thresholds import SkySettings

AREA = "area_outage"
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_FADES_KEPT_MS = 36 * _HOUR_MS
_ALIKE_BEFORE_MS, _ALIKE_AFTER_MS = 2 * _HOUR_MS, 3 * _HOUR_MS
_RELIGHT_SHARE = 0.5
_RAINS_MS = 10 * _HOUR_MS
"""Who is low for longer has something else: no rain lasts so long over one place without a break."""
_RAIN_LINGERS_MS = 30 * _MINUTE_MS
_LEAST_DB, _MOST_DB = -0.5, 2.0
"""What one neighbour can add to the average: one that has a fault of its own must not speak for the weather."""


@dataclass(slots=True)
class Fade:
    """A dish of a school is low or dark since `start`, for no fault of its own that is known."""

    start: int
    end: int | None = None


@dataclass(slots=True)
class SkyState:
    """What is remembered of a district.

    shown       how each dish is seen, and since when; keys `school/dish`
    fades       by school, what faded there lately; keys of dishes within
    satellite   since when the satellite is out; None while it is not
    satellite_was  start and end of its last outage
    died        [t, node, school] of absences that may belong together, the newest last
    areas       by key of the incident, the nodes that are away together
    """

    shown: dict[str, tuple[str, int]] = field(default_factory=dict)
    fades: dict[str, dict[str, list[Fade]]] = field(default_factory=dict)
    satellite: int | None = None
    satellite_was: tuple[int, int] | None = None
    died: list[tuple[int, str, str]] = field(default_factory=list)
    areas: dict[str, list[str]] = field(default_factory=dict)
    incidents: Incidents = field(default_factory=Incidents)


@dataclass(frozen=True, slots=True)
class Around:
    """What the neighbours of a school show; see weighing.DishEvidence."""

    neighbours: int
    fading: int
    drop_db: float | None
    faded_too: bool
    dry_h: float | None
    asleep: bool


class Sky:
    """The district as a whole, on a state that can be saved."""

    def __init__(
        self,
        state: SkyState,
        settings: SkySettings,
        neighbourhood: Neighbourhood,
        drop_of: Callable[[str], float | None] = lambda _: None,
        sun_behind: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self.state = state
        self._drop_of, self._sun_behind = drop_of, sun_behind
        self._settings = settings
        self._neighbourhood = neighbourhood
        self._schools: dict[str, dict[str, tuple[str, int]]] = {}
        for key, shown in state.shown.items():
            school, _, dish = key.partition("/")
            self._schools.setdefault(school, {})[dish] = shown

    def near(self, one: str, other: str) -> bool:
        """Whether rain over one school may be the same as over the other."""
        return other in self._neighbourhood.near(one, self._settings.incident_km)

    def around(self, school: str, dish: str, onset: int, t: int) -> Around:
        """What neighbours, and the other dishes of the school, show at `t` of what began with this dish at `onset`."""
        near = self._neighbourhood.near(school, self._settings.neighbour_km)
        seen = fading = 0
        alike = False
        last = onset
        drops: list[float] = []
        for code, fades, is_seen in (*map(self._shown_by, near), *self._beside(school, dish)):
            fades_now = any(fade.end is None and t - fade.start < _RAINS_MS for fade in fades)
            if not fades_now and not is_seen:
                continue
            seen, fading = seen + 1, fading + fades_now
            alike |= any(_touches(fade, onset - _ALIKE_BEFORE_MS, onset + _ALIKE_AFTER_MS) for fade in fades)
            last = max([last, *(end for end in (_rained_until(fade, t) for fade in fades) if end > onset)])
            drop = self._drop_of(code) if code != school else None
            if drop is not None:
                drops.append(max(_LEAST_DB, min(drop, _MOST_DB)))
        drop_db = sum(drops) / len(drops) if drops else None
        dry_h = max(0, t - last) / _HOUR_MS if seen else None
        return Around(seen, fading, drop_db, alike, dry_h, asleep=not seen and bool(near))

    def rains_near(self, school: str, t: int) -> bool:
        """Whether a dish of the school or of a neighbour fades at `t`, or did a little before."""
        for code in (school, *self._neighbourhood.near(school, self._settings.neighbour_km)):
            for fades in self.state.fades.get(code, {}).values():
                if any(_rained_until(fade, t) >= t - _RAIN_LINGERS_MS for fade in fades):
                    return True
        return False

    def _shown_by(self, school: str) -> tuple[str, list[Fade], bool]:
        """How a school fades, or did, and whether it is seen clear."""
        return (
            school,
            [fade for each in self.state.fades.get(school, {}).values() for fade in each],
            self._is_seen(school),
        )

    def _beside(self, school: str, dish: str) -> Iterator[tuple[str, list[Fade], bool]]:
        """The same of each other dish of the school: no neighbour is nearer."""
        for name, (shown, _) in self._schools.get(school, {}).items():
            if name != dish:
                yield school, self.state.fades.get(school, {}).get(name, []), shown == Gloom.CLEAR

    def _is_seen(self, school: str) -> bool:
        return any(shown == Gloom.CLEAR for shown, _ in self._schools.get(school, {}).values())

    def show(self, school: str, dish: str, shown: str, t: int) -> bool:
        """How a dish is seen from `t` on. Whether the satellite went or came back by it."""
        self._schools.setdefault(school, {})[dish] = (shown, t)
        self.state.shown[f"{school}/{dish}"] = (shown, t)
        if self.state.satellite is not None:
            return self._relight(t)
        return shown == Gloom.DARK and self._black_out(t)

    def fade(self, school: str, dish: str, start: int) -> None:
        """A dish fades since `start`."""
        fades = self.state.fades.setdefault(school, {}).setdefault(dish, [])
        if not fades or fades[-1].end is not None:
            fades.append(Fade(start))
        while fades[0].end is not None and fades[0].end < start - _FADES_KEPT_MS:
            del fades[0]

    def clear(self, school: str, dish: str, end: int) -> None:
        """It does so no more, or for a fault of its own."""
        fades = self.state.fades.get(school, {}).get(dish)
        if fades and fades[-1].end is None:
            fades[-1].end = max(end, fades[-1].start)

    def satellite_out(self, t: int) -> bool:
        """Whether dishes that are dark at `t` are so because of the satellite. Slow polls see it come back late."""
        was = self.state.satellite_was
        late_ms = 2 * self._settings.satellite_min * _MINUTE_MS
        return self.state.satellite is not None or (was is not None and was[0] <= t <= was[1] + late_ms)

    def outage_at(self, since: int) -> tuple[int, int | None] | None:
        """The outage of the satellite that took the lock of a dish that had it up to `since`: its start and end."""
        out, was = self.state.satellite, self.state.satellite_was
        at_once_ms = round(self._settings.satellite_min * _MINUTE_MS)
        if out is not None and since >= out - at_once_ms:
            return out, None
        return was if was is not None and was[0] - at_once_ms <= since < was[1] else None

    def _black_out(self, t: int) -> bool:
        lately = t - round(self._settings.satellite_min * _MINUTE_MS)
        lost = [since for since in map(self._lost_at, self._schools) if since is not None and since >= lately]
        lit = sum(map(self._is_lit, self._schools))
        if len(lost) < self._settings.satellite_schools or len(lost) < self._settings.satellite_share * (
            len(lost) + lit
        ):
            return False
        if self._sun_behind(t):
            return False
        self.state.satellite = min(lost)
        return True

    def _relight(self, t: int) -> bool:
        lit = sum(map(self._is_lit, self._schools))
        dark = sum(self._lost_at(school) is not None for school in self._schools)
        if not lit or lit < _RELIGHT_SHARE * (lit + dark):
            return False
        self.state.satellite_was = (self.state.satellite or t, t)
        self.state.satellite = None
        return True

    def _lost_at(self, school: str) -> int | None:
        """Since when every dish of it that is seen is dark."""
        seen = [(shown, since) for shown, since in self._schools[school].values() if shown != Gloom.UNSEEN]
        if not seen or any(shown != Gloom.DARK for shown, _ in seen):
            return None
        return max(since for _, since in seen)

    def _is_lit(self, school: str) -> bool:
        return any(shown in (Gloom.CLEAR, Gloom.LOW) for shown, _ in self._schools[school].values())

    def die(self, node: str, school: str, t: int) -> None:
        """A node went away at `t`, at an hour that is not usual for it."""
        oldest = t - _FADES_KEPT_MS
        self.state.died = [each for each in self.state.died if each[0] >= oldest and each[1] != node]
        self.state.died.append((t, node, school))

    def together(self, t: int, still_away: Iterable[str]) -> list[tuple[int, str, str]]:
        """Those that died with the one that died at `t`, near each other; empty where they are too few to be an area."""
        away = set(still_away)
        window = self._settings.area_min * _MINUTE_MS
        near_in_time = [each for each in self.state.died if abs(each[0] - t) <= window and each[1] in away]
        schools = sorted({school for _, _, school in near_in_time})
        for cluster in self._neighbourhood.clusters(schools, self._settings.area_km):
            members = [each for each in near_in_time if each[2] in cluster]
            if len(cluster) >= self._settings.area_schools and any(each[0] == t for each in members):
                return members
        return []

    def outlasted(self, node: str, school: str, t: int) -> list[tuple[int, str, str]]:
        """The node that died at `t`, where a battery carried it so far: schools near it went dark before, and were dark then."""
        earliest = t - self._settings.area_battery_min * _MINUTE_MS
        near = self._neighbourhood.near(school, self._settings.area_km)
        areas = (group.members for group in self.state.incidents.groups.values() if group.cause == AREA)
        beside = [member for members in areas for code, member in members.items() if code in near]
        dark = any(earliest <= each.start <= t and (each.end is None or each.end > t) for each in beside)
        return [(t, node, school)] if dark else []

    def darken(self, t: int, node: str, school: str) -> None:
        """The node is away since `t` with its area."""
        gap_ms = round(self._settings.area_min * _MINUTE_MS)
        self.state.incidents.begin(AREA, school, f"away/{node}", t, gap_ms=gap_ms, near=self.near)


def _touches(fade: Fade, start: int, end: int) -> bool:
    return fade.start <= end and (fade.end is None or fade.end >= start)


def _rained_until(fade: Fade, t: int) -> int:
    """A fade that does not end was rain for as long as it rains."""
    return min(t, fade.start + _RAINS_MS) if fade.end is None else fade.end
