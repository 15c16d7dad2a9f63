"""Detection: judges what nodes have newly reported, and the time that passed without a report.

Asks the world for the port below. What it concludes and the state that it folded are kept by the caller, together; between calls
it keeps the same state in memory, and `forget` drops that where they could not be kept. Where nothing is concluded the state may
be saved less often: what came since would be judged once more, and nobody has been told anything of it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, repeat
from typing import Any, Protocol

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import Conclusion, RoomDay
from hub.core.reports import ONLINE, Report
from hub.detection.absence import Absence
from hub.detection.causes import ABSENCES, CAUSES, HYPOTHESES
from hub.detection.district import District, Lore
from hub.detection.facts import NOTHING_KNOWN, Catalogue, DeviceFacts, ProfileFacts, SchoolFacts
from hub.detection.pace import WHOLE, Pace, Stride
from hub.detection.saved import dump_district, dump_site, load_district, load_site
from hub.detection.settings import DetectionSettings
from hub.detection.signs import MINUTE_MS, Cause
from hub.detection.stream import Turns, newest, turns
from hub.detection.sun import SunPath
from hub.detection.weighing import Hypothesis
from hub.detection.world import Calendar

log = logging.getLogger(__name__)

_Due = tuple[int, str, int, Report]
"""A report after its moment, the name of its node, and its place among the node's: no two share these, so they sort by them."""

Ahead = Mapping[NodeKey, Mapping[str, int]]
"""Of all nodes, by epoch, offsets up to which they have been judged since `save` was last told."""
DISTRICT = ""
"""The name under which the state of a district itself is kept, beside those of its schools."""


class Judgements(Protocol):
    """What is stored for detection, all of one moment."""

    def schools(self) -> Iterable[SchoolFacts]:
        """The register of schools."""

    def devices(self) -> Iterable[tuple[DeviceKey, DeviceFacts]]:
        """All equipment, of the register and of births."""

    def devices_of(self, key: NodeKey) -> Iterable[tuple[DeviceKey, DeviceFacts]]: ...

    def states(self) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
        """What `save` was last given: group, name, state."""

    def waiting(self) -> Iterable[NodeKey]:
        """Nodes that have reports which could be judged now."""

    def unjudged(self, key: NodeKey, ahead: Ahead) -> Sequence[Iterator[Report]]:
        """Of each journal of the node the reports that come next, in order, up to the first gap that may still be filled."""

    def save(
        self, states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        """Keep the states that the reports fold to. `judged`: by node and epoch, the last offset that they hold.

        Both may be empty: then all that was judged is as it was.
        """


class Detection:
    """Judges districts. `calendar_of`: a school's calendar; `orbital_position`: of the satellite, degrees east."""

    def __init__(
        self,
        settings: DetectionSettings,
        calendar_of: Callable[[str], Calendar],
        catalogue: Catalogue,
        *,
        orbital_position: float = 78.5,
        causes: Iterable[Cause] = CAUSES,
        hypotheses: Iterable[Hypothesis] = HYPOTHESES,
        absences: Iterable[Absence] = ABSENCES,
        pace: Pace = WHOLE,
    ) -> None:
        self._settings = settings
        self._calendar_of = calendar_of
        self._catalogue = catalogue
        self._sun = SunPath(orbital_position, settings.sky.sun_angle_deg)
        self._lore = Lore(tuple(causes), tuple(hypotheses), tuple(absences))
        self._listening_since: int | None = None
        self._districts: dict[str, District] | None = None
        self._pace, self._stride = pace, Stride(pace)
        self._ahead: dict[NodeKey, dict[str, int]] = {}
        self._saved_at: int | None = None
        self.behind = False
        """Whether there was more to be judged than was asked for in one go."""

    def forget(self) -> None:
        """What was saved last did not reach the disk: read it anew next time."""
        self._districts = None
        self._ahead.clear()

    def judge(self, store: Judgements, _nodes: Iterable[NodeKey], now: int) -> list[Conclusion]:
        """Judge what was reported, up to a little before `now`: reports that are under way get the time to come in."""
        return self._judge(store, self._settled(now), now, missing=self._may_miss(now))

    def tick(self, store: Judgements, now: int, *, listening: bool = True) -> list[Conclusion]:
        """The same, once in a while, although nothing may have been reported.

        `listening`: the hub is connected to its broker. While it is not, no node is missed, and afterwards grace begins anew.
        """
        if not listening:
            self._listening_since = None
        elif self._listening_since is None:
            self._listening_since = now
        return self._judge(store, self._settled(now), now, missing=self._may_miss(now))

    def rooms_so_far(self) -> list[RoomDay]:
        """What lessons rooms have lost in the last day, up to the moment that has been judged; nothing is concluded by it."""
        return [day for district in (self._districts or {}).values() for day in district.rooms_so_far()]

    def finish(self, store: Judgements, now: int) -> list[Conclusion]:
        """Judge all there is: nothing more will come."""
        until = now + round(self._settings.presence.history_min * MINUTE_MS)
        conclusions = self._judge(store, until, now, missing=True, end=now)
        for district in self._loaded(store).values():
            district.finish(now)
            conclusions += district.conclusions()
        self._save(store, now)
        return conclusions

    def _judge(
        self, store: Judgements, until: int, now: int, *, missing: bool, end: int | None = None
    ) -> list[Conclusion]:
        """Stretch by stretch, so that not all reports of a long time need be in memory."""
        conclusions: list[Conclusion] = []
        taken, self.behind = 0, True
        while self.behind and self._pace.has_room(taken):
            self._loaded(store)
            begun = self._reached
            stop = self._stride.stop(begun, until)
            found, many, reached = self._fold(store, stop, now, missing=missing, end=end if stop == until else None)
            self.behind = reached < until
            conclusions += found
            taken += many
            self._stride.took(many, 0 if begun is None else reached - begun)
        if conclusions or self._pace.is_due(self._saved_at, now):
            self._save(store, now)
        return conclusions

    def _fold(
        self, store: Judgements, until: int, now: int, *, missing: bool, end: int | None
    ) -> tuple[list[Conclusion], int, int]:
        """What the reports up to then say, how many there were, and up to when they were judged: of some nodes too many wait."""
        districts = self._loaded(store)
        coming = {node: self._turns(store, node, until, now) for node in store.waiting()}
        stop = min((each.until for each in coming.values()), default=until)
        many, due = 0, defaultdict[str, list[_Due]](list)
        for node, (_, ready) in coming.items():
            taken = ready if stop == until else [turn for turn in ready if turn[0] <= stop]
            if taken:
                many += len(taken)
                moments, reports = zip(*taken, strict=True)
                self._ahead.setdefault(node, {}).update(newest(reports))
                due[node.group] += zip(moments, repeat(node.name), count(), reports)
        conclusions: list[Conclusion] = []
        for group in sorted({*districts, *due}):
            district = districts.get(group) or districts.setdefault(group, self._open(store, group, {}, []))
            district.world.missing = missing
            self._play(store, district, due[group])
            district.advance(stop if end is None or stop < until else end)
            conclusions += district.conclusions()
        return conclusions, many, stop

    @property
    def _reached(self) -> int | None:
        """Up to when all districts are judged."""
        return min((each.t for each in (self._districts or {}).values() if each.t is not None), default=None)

    def _save(self, store: Judgements, now: int) -> None:
        """All that has changed since it was saved last."""
        self._saved_at = now
        states: dict[tuple[str, str], Mapping[str, Any]] = {}
        for _, district in sorted((self._districts or {}).items()) if self._pace.kept else ():
            states |= self._dump(district)
        store.save(states, self._ahead)
        self._ahead = {}

    def _play(self, store: Judgements, district: District, due: Iterable[_Due]) -> None:
        learnt: set[NodeKey] = set()
        met = district.met
        for at, _, _, report in sorted(due):
            device = report.device
            if device not in met or ONLINE in report.samples:
                met.add(device)
                # What is stored does not change meanwhile: once is enough.
                if self._is_news(district, report) and device.node not in learnt:
                    self._learn(district, store.devices_of(device.node))
                    learnt.add(device.node)
            try:
                district.take(report, at)
            except Exception:
                # Whatever one school says must not keep a district from being judged; the report is on disk, to be replayed.
                log.exception("a report of %s at %d could not be judged", report.device, report.t)

    def _turns(self, store: Judgements, node: NodeKey, until: int, now: int) -> Turns:
        presence = None
        district = (self._districts or {}).get(node.group)
        site = district.sites.get(node.school) if district else None
        if site is not None:
            presence = site.attendance.nodes.get(node.name)
        return turns(
            store.unjudged(node, self._ahead),
            until=until,
            latest=now + round(self._settings.clock_ahead_min * MINUTE_MS),
            hold_ms=round(self._settings.presence.history_min * MINUTE_MS),
            heard_at=presence.heard_at if presence else None,
            away_since=presence.away_since if presence else None,
        )

    def _is_news(self, district: District, report: Report) -> bool:
        """It is a birth, or the first that is heard of a device: what is known of the equipment may have changed."""
        site = district.sites.get(report.device.node.school)
        if site is None or ONLINE in report.samples:
            return True
        device = site.view.devices.get((report.device.node.name, report.device.device))
        return device is None or not (device.present or device.readings)

    def _may_miss(self, now: int) -> bool:
        grace_ms = self._settings.startup_grace_min * MINUTE_MS
        return self._listening_since is not None and now - self._listening_since >= grace_ms

    def _settled(self, now: int) -> int:
        return now - round(self._settings.settle_s * 1000)

    # --- the state

    def _loaded(self, store: Judgements) -> dict[str, District]:
        if self._districts is None:
            states: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
            for group, name, state in store.states():
                states[group][name] = state
            devices: defaultdict[str, list[tuple[DeviceKey, DeviceFacts]]] = defaultdict(list)
            for key, facts in store.devices():
                devices[key.node.group].append((key, facts))
            groups = sorted({*states, *devices})
            self._districts = {group: self._open(store, group, states[group], devices[group]) for group in groups}
        return self._districts

    def _open(
        self,
        store: Judgements,
        group: str,
        states: Mapping[str, Mapping[str, Any]],
        devices: Iterable[tuple[DeviceKey, DeviceFacts]],
    ) -> District:
        sky, t = load_district(states.get(DISTRICT))
        district = District(
            group,
            [each for each in store.schools() if each.group == group],
            settings=self._settings,
            calendar_of=self._calendar_of,
            sun=self._sun,
            lore=self._lore,
            sky=sky,
        )
        district.t = t
        for name, state in states.items():
            if name != DISTRICT:
                district.sites[name] = load_site(name, state, district.world)
        self._learn(district, devices)
        district.plan_all()
        return district

    def _learn(self, district: District, devices: Iterable[tuple[DeviceKey, DeviceFacts]]) -> None:
        by_site: defaultdict[str, list[tuple[str, DeviceFacts, ProfileFacts]]] = defaultdict(list)
        for key, facts in devices:
            by_site[key.node.school].append((key.node.name, facts, self._profile(facts)))
        for code, known in by_site.items():
            district.site(code).learn(known)

    def _profile(self, facts: DeviceFacts) -> ProfileFacts:
        profile = self._catalogue.get(facts.profile) if facts.profile else None
        if profile is None and facts.key == HOST:
            profile = self._catalogue.get(self._settings.host_profile)
        return NOTHING_KNOWN if profile is None else ProfileFacts.of(profile)

    def _dump(self, district: District) -> dict[tuple[str, str], Mapping[str, Any]]:
        if not district.touched:
            return {}
        states: dict[tuple[str, str], Mapping[str, Any]] = {
            (district.group, code): dump_site(district.sites[code]) for code in sorted(district.touched)
        }
        states[district.group, DISTRICT] = dump_district(district.world.sky.state, district.t)
        district.touched.clear()
        return states
