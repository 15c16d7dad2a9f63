"""A district in event time: its schools, and the order in which they are judged.

All that happens has a moment: a report's own, or that at which a school wanted to be looked at. Moments are taken in order, ties
by name; so the same reports give the same conclusions however they arrived.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Conclusion, RoomDay
from hub.core.reports import Report
from hub.detection.absence import Absence
from hub.detection.daily import pause_often
from hub.detection.dishes import Gloom
from hub.detection.evaluate import Judge
from hub.detection.facts import SchoolFacts
from hub.detection.geography import Neighbourhood
from hub.detection.settings import DetectionSettings
from hub.detection.signs import Cause
from hub.detection.site import Site
from hub.detection.sky import Sky, SkyState
from hub.detection.sun import SunPath
from hub.detection.weighing import Hypothesis
from hub.detection.world import Calendar, World

_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_SATELLITE = "satellite_outage"
_INCIDENT_KEPT_MS = 24 * 60 * _MINUTE_MS


@dataclass(frozen=True, slots=True)
class Lore:
    """All causes, by what they are declared with."""

    causes: tuple[Cause, ...]
    hypotheses: tuple[Hypothesis, ...]
    absences: tuple[Absence, ...]


class District:
    """All schools of a group."""

    def __init__(
        self,
        group: str,
        schools: Iterable[SchoolFacts],
        *,
        settings: DetectionSettings,
        calendar_of: Callable[[str], Calendar],
        sun: SunPath,
        lore: Lore,
        sky: SkyState | None = None,
    ) -> None:
        places = {each.code: (each.lat, each.lon) for each in schools if each.lat is not None and each.lon is not None}
        self.group = group
        self._places = tuple(places.values())
        self.sites: dict[str, Site] = {}
        self._by_node: dict[NodeKey, Site] = {}
        self.touched: set[str] = set()
        self.met: set[DeviceKey] = set()
        """Devices that have reported since the district was loaded."""
        self.t: int | None = None
        self._told: list[Conclusion] = []
        self._queue: list[tuple[int, str]] = []
        self._due: dict[str, int] = {}
        self.world = World(
            group,
            settings,
            calendar_of,
            places.get,
            sun,
            Sky(sky or SkyState(), settings.sky, Neighbourhood(places), self._drop_of, self._sun_behind),
            Judge(settings, lore.causes),
            lore.causes,
            lore.hypotheses,
            lore.absences,
            self._told.append,
            self._is_away,
            self._join_area,
            self._heard_by,
            self._pauses,
        )

    def site(self, code: str) -> Site:
        """The school, from now on there if it was not."""
        site = self.sites.get(code)
        if site is None:
            site = self.sites[code] = Site.fresh(code, self.world)
        return site

    def take(self, report: Report, t: int) -> None:
        """Take the next report. `t`: when its turn is, not before that of any taken; its own time may lie before."""
        if self.t is None or t > self.t:
            # Of several reports whose turn is now none is older than the time that the school has reached.
            self.advance(t)
        device, _, _, told_for, _ = report
        at = told_for if told_for < t else t
        site = self._by_node.get(device.node) or self._site_of(device.node)
        code, reached, dishes = site.code, site.view.t, self.world.sky.state
        satellite = dishes.satellite
        site.take(report, at if reached is None or at > reached else reached)
        self.touched.add(code)
        if dishes.satellite != satellite:
            self._satellite_changed(t)
        if site.stirred or site.reception.stirred or site.waits:
            self._plan(code, site)

    def _site_of(self, node: NodeKey) -> Site:
        site = self._by_node[node] = self.site(node.school)
        return site

    def advance(self, t: int) -> None:
        """Let time pass up to `t`."""
        queue = self._queue
        while queue and queue[0][0] <= t:
            due, code = heappop(queue)
            if self._due.get(code) != due:
                continue
            site = self.sites[code]
            del self._due[code]
            satellite = self.world.sky.state.satellite
            site.pass_time(due)
            self.touched.add(code)
            if self.world.sky.state.satellite != satellite:
                self._satellite_changed(due)
            self._plan(code, site)
        if self.t is None or t > self.t:
            self.t = t

    def conclusions(self) -> list[Conclusion]:
        """What was concluded since this was last asked."""
        self._told.extend(self.world.sky.state.incidents.tell(self.group, self.t or 0, _INCIDENT_KEPT_MS))
        told = self._told.copy()
        self._told.clear()
        return told

    def rooms_so_far(self) -> Iterator[RoomDay]:
        """Of each school what its rooms have lost lately: more often than it is told for good."""
        if self.t is not None:
            for code in sorted(self.sites):
                site = self.sites[code]
                yield from site.ledger.so_far(self.group, code, site.time, self.t)

    def finish(self, t: int) -> None:
        """Tell also what still runs."""
        self.advance(t)
        for code in sorted(self.sites):
            self.sites[code].tell_rooms(t, running=True)

    def plan_all(self) -> None:
        """After the schools have been loaded or have learnt: when each wants to be looked at."""
        self._queue.clear()
        self._due.clear()
        for code, site in self.sites.items():
            self._plan(code, site)
        heapify(self._queue)

    def _plan(self, code: str, site: Site) -> None:
        due = site.next_due()
        if due == self._due.get(code):
            return
        if due is None:
            self._due.pop(code, None)
        else:
            self._due[code] = due
            heappush(self._queue, (due, code))

    def _satellite_changed(self, t: int) -> None:
        """It went, or came back: schools that are dark are so because of it, or from now on for themselves."""
        sky = self.world.sky
        start = sky.state.satellite
        if start is None:
            for site in self.sites.values():
                site.reception.satellite_is_back(t)
            self.touched.update(self.sites)
            return
        self.touched.update(self.sites)
        for _, site in sorted(self.sites.items()):
            site.reception.darkness.black_out(_SATELLITE, start, t)
            for name, dish in site.reception.aerials.dishes.items():
                if dish.shown == Gloom.DARK and not dish.told and dish.episode is not None:
                    site.reception.diagnosis.blame(name, _SATELLITE)

    def _drop_of(self, code: str) -> float | None:
        site = self.sites.get(code)
        return None if site is None else site.reception.aerials.drop()

    def _heard_by(self, profile: str, gauge: str) -> list[float]:
        receivers = (
            each for site in self.sites.values() for each in site.view.receivers if each.facts.profile == profile
        )
        levels = (each.level for each in receivers if each.level is not None)
        return [each.base for each in levels if each.is_established and each.gauge == gauge and each.base is not None]

    def _pauses(self, days: int) -> bool:
        """Whether rooms now and then are unused for so many days of class, and then used again."""
        sets = (
            each
            for site in self.sites.values()
            for each in site.view.equipment
            if each.facts.kind in ("tv", "projector")
        )
        return pause_often((each.learnt.daily for each in sets), days, (self.t or 0) // _DAY_MS)

    def _sun_behind(self, t: int) -> bool:
        """Whether the sun stands behind the satellite for most of the district: it drowns all of it within minutes."""
        return 2 * sum(self.world.sun.behind(*place, t) for place in self._places) > len(self._places)

    def _is_away(self, node: str) -> bool:
        site = self.sites.get(NodeKey(self.group, node).school)
        presence = site.attendance.nodes.get(node) if site else None
        return presence is not None and presence.away

    def _join_area(self, node: str) -> None:
        code = NodeKey(self.group, node).school
        self.site(code).attendance.presence(node).area = True
        self.touched.add(code)
