"""A school's nodes: when they are away, when they are missed, and what their absence turns out to have been."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import FindingCleared, FindingCorrected, FindingOpened, Incident, Place
from hub.core.reports import Sample
from hub.detection.absence import Absence, AbsenceEvidence
from hub.detection.habit import is_odd, recurring
from hub.detection.presence import MINUTE_MS, Presence
from hub.detection.rooms import Ledger, Loss
from hub.detection.signs import Span
from hub.detection.sky import AREA
from hub.detection.texts import RECURRING, UNHEARD, absence_corrected, evidence, gone
from hub.detection.view import DeviceView, SiteView
from hub.detection.world import Calendar, World

_DAY_MS = 86_400_000
_UPTIME = "host/uptime_s"
_LATER_MS = 60_000
_ROLL_CALL_MS, _NOBODY_MS = 5 * MINUTE_MS, 120 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Silence:
    """A node said nothing since `since`; at `due` that was so for `span`."""

    since: int
    due: int
    span: Span


@dataclass(slots=True)
class Attendance:
    """The nodes of one school.

    look_at    when to look whether a node is missed, by node
    area_at    when to look who died with it, by node
    roll_call_at  when all devices of a node that was born must have been born too
    history    when a node first spoke in its absence, as its journal tells afterwards
    recurring  until when the school's recurring power cuts stand as a fault, by node; and since when
    """

    school: str
    world: World
    view: SiteView
    time: Calendar
    ledger: Ledger
    nodes: dict[str, Presence] = field(default_factory=dict)
    look_at: dict[str, int] = field(default_factory=dict)
    area_at: dict[str, int] = field(default_factory=dict)
    roll_call_at: dict[str, int] = field(default_factory=dict)
    recurring: dict[str, tuple[int, int]] = field(default_factory=dict)
    history: dict[str, int] = field(default_factory=dict)

    def presence(self, node: str) -> Presence:
        presence = self.nodes.get(node)
        if presence is None:
            presence = self.nodes[node] = Presence()
        return presence

    def hear(self, node: str, t: int) -> bool:
        """A report of the node that is no birth, or one of its absence. Whether it is to be looked at, and was not."""
        presence = self.nodes.get(node) or self.presence(node)
        if presence.away_since is not None:
            # What it said while its death was being noticed is no history.
            if t - presence.away_since > self.world.settings.presence.short_min * MINUTE_MS:
                self.history.setdefault(node, t)
            return False
        presence.hear(t)
        if presence.missed:
            # It never died: its session lasted, it had nothing to say or no way to say it.
            self._clear(node, presence, presence.missed, t)
            presence.missed = ""
        if node in self.look_at:
            return False
        self._look_again(node, t)
        return node in self.look_at

    def leave(self, node: str, t: int) -> None:
        """The node died."""
        presence = self.presence(node)
        if presence.away:
            return
        presence.leave(t)
        self._look_again(node, t)
        self.roll_call_at.pop(node, None)
        if is_odd(presence, t, self.time, self.world.settings.presence):
            self.world.sky.die(node, self.school, t)
            self.area_at[node] = t + round(self.world.settings.sky.area_min * MINUTE_MS)

    def come_back(self, node: str, samples: Mapping[str, Sample], t: int) -> None:
        """The node was born."""
        presence = self.presence(node)
        settings = self.world.settings.presence
        if (
            not presence.away
            and presence.heard_at is not None
            and t - presence.heard_at > settings.short_min * MINUTE_MS
        ):
            presence.leave(presence.heard_at)
        start = presence.away_since
        if start is not None:
            if self.area_at.pop(node, None) is not None and t - start >= settings.short_min * MINUTE_MS:
                self._look_around(node)
            self._explain(node, presence, start, samples, t)
        presence.hear(t)
        presence.heard_at = presence.heard_since = t
        self.history.pop(node, None)
        self.roll_call_at[node] = t + round(settings.history_min * MINUTE_MS) + _ROLL_CALL_MS
        self._look_again(node, t)

    def _explain(self, node: str, presence: Presence, start: int, samples: Mapping[str, Sample], t: int) -> None:
        settings = self.world.settings.presence
        booted_at = _booted_at(samples, t)
        seen = AbsenceEvidence(
            start,
            t,
            booted_at,
            self.history.get(node, t) < (t if booted_at is None else booted_at),
            round(settings.restarted_before_min * MINUTE_MS),
        )
        cause = next((each for each in self.world.absences if each.explains(seen)), None)
        if t - start < settings.short_min * MINUTE_MS:
            cause = None
        usual = presence.is_usual(start, settings)
        if cause is not None and not usual:
            self._conclude(node, presence, cause, start, t)
        if presence.missed:
            self._close(node, presence, cause.code if cause else presence.missed, start, t)
        if presence.area:
            self.world.sky.state.incidents.end(f"away/{node}", t)
        area = presence.area
        presence.come_back(t, AREA if area else cause.code if cause and not usual else "")
        if cause is not None and cause.recurring and not usual and not area:
            self._recur(node, presence, cause, t)

    def _conclude(self, node: str, presence: Presence, cause: Absence, start: int, t: int) -> None:
        code = AREA if presence.area else cause.code
        if cause.dark:
            self.ledger.lose(f"away/{node}/{start}", Loss(self._rooms(node), code, start, t), self.time, t)
        if not presence.area and (
            self.time.class_ms_between(start, t) or is_odd(presence, start, self.time, self.world.settings.presence)
        ):
            key = f"{cause.code}:{node}:{start}"
            self.world.tell(Incident(self.world.group, key, cause.code, start, t, {self.school: (start, t)}))

    def _close(self, node: str, presence: Presence, cause: str, start: int, t: int) -> None:
        if cause != presence.missed:
            text = absence_corrected(presence.missed, cause, start, t)
            self.world.tell(FindingCorrected(self._place(node), presence.missed, cause, UNHEARD, t, (text,)))
        self._clear(node, presence, cause, t)

    def _clear(self, node: str, presence: Presence, cause: str, t: int) -> None:
        onset = presence.away_since or presence.heard_at or t
        self.world.tell(FindingCleared(self._place(node), cause, UNHEARD, t, (gone(cause, UNHEARD, onset, t),)))

    def missing_at_roll_call(self, t: int) -> Iterator[DeviceView]:
        """Devices that have not been born since their node was: they answer no more, or never have."""
        for node in [node for node, due in self.roll_call_at.items() if due <= t]:
            devices = [each for each in self.view.of_node(node) if each.key != HOST]
            born = self.presence(node).heard_since or t
            if not any(each.present for each in devices) and t - born < _NOBODY_MS:
                # Perhaps this node bears its devices only when they first have something to say.
                self.roll_call_at[node] = t + _ROLL_CALL_MS
                continue
            del self.roll_call_at[node]
            if not self.presence(node).away:
                yield from (each for each in devices if not each.present)

    # --- what keeps coming back

    def _recur(self, node: str, presence: Presence, cause: Absence, t: int) -> None:
        settings = self.world.settings.presence
        counted = recurring(presence, cause.code, t, self.time, settings)
        until = t + round(settings.recurring_days * _DAY_MS)
        known = next(iter(self.recurring), None)
        if known is not None:
            # The mains are the school's, however many of its agents tell of them.
            self.recurring[known] = (until, self.recurring[known][1])
        elif counted:
            self.recurring[node] = (until, counted[0])
            numbers = {"count": len(counted), "days": settings.recurring_days}
            text = evidence(cause.code, RECURRING, counted[0], Span(t - counted[0]), numbers)
            self.world.tell(FindingOpened(self._place(node), cause.code, RECURRING, counted[0], t, (text,)))

    # --- time

    def next_due(self) -> int | None:
        dues = [
            *self.look_at.values(),
            *self.area_at.values(),
            *self.roll_call_at.values(),
            *(until for until, _ in self.recurring.values()),
        ]
        return min(dues, default=None)

    def advance(self, t: int) -> None:
        """Look at what is due."""
        for node in [node for node, due in self.area_at.items() if due <= t]:
            del self.area_at[node]
            self._look_around(node)
        for node in [node for node, due in self.look_at.items() if due <= t]:
            self._look(node, t)
        for node in [node for node, (until, _) in self.recurring.items() if until <= t]:
            until, onset = self.recurring.pop(node)
            for cause in self.world.absences:
                if cause.recurring:
                    text = gone(cause.code, RECURRING, onset, until)
                    self.world.tell(FindingCleared(self._place(node), cause.code, RECURRING, until, (text,)))

    def _look_again(self, node: str, since: int) -> None:
        spans = [span.ms for _, span in self._unheard()]
        due = self.time.when_class_time_reached(since, min(spans)) if spans else None
        if due is None:
            self.look_at.pop(node, None)
        else:
            self.look_at[node] = due

    def _look(self, node: str, t: int) -> None:
        presence = self.presence(node)
        if presence.missed:
            self.look_at.pop(node, None)
            return
        if presence.area and not self._is_left_behind(node, presence, t):
            self.look_at[node] = t + 10 * _LATER_MS
            return
        since = presence.missed_from or presence.away_since or presence.heard_at or t
        for code, span in self._unheard():
            due = self.time.when_class_time_reached(since, span.ms)
            if due is None:
                self.look_at.pop(node, None)
            elif due > t:
                self.look_at[node] = due
            elif not self.world.missing or (
                not presence.away and t - since < presence.quiet_ms(self.world.settings.presence)
            ):
                self.look_at[node] = t + _LATER_MS
            else:
                self._miss(node, code, Silence(since, due, span), t)

    def _miss(self, node: str, code: str, silence: Silence, t: int) -> None:
        if any(each.missed for each in self.nodes.values()):
            # The school is missed already: one fault, one ticket. If this node stays away longer, it is asked for then.
            self.look_at[node] = t + 60 * _LATER_MS
            return
        self.presence(node).missed = code
        self.look_at.pop(node, None)
        text = evidence(code, UNHEARD, silence.since, silence.span)
        self.world.tell(FindingOpened(self._place(node), code, UNHEARD, silence.since, silence.due, (text,)))

    def _unheard(self) -> Iterator[tuple[str, Span]]:
        return (
            (cause.code, cause.unheard(self.world.settings)) for cause in self.world.causes if cause.unheard is not None
        )

    # --- those that died together

    def _look_around(self, node: str) -> None:
        presence = self.presence(node)
        start = presence.away_since
        if start is None or presence.missed:
            return
        sky = self.world.sky
        away = [name for _, name, _ in sky.state.died if self.world.is_away(name)]
        for since, name, school in sky.together(start, away) or sky.outlasted(node, self.school, start):
            sky.darken(since, name, school)
            self.world.join_area(name)

    def _is_left_behind(self, node: str, presence: Presence, t: int) -> bool:
        """Most of those that died with it came back long ago: from then on it is missed for a reason of its own."""
        incidents = self.world.sky.state.incidents
        back = incidents.most_back(f"away/{node}")
        if back is None or t - back < self.world.settings.sky.area_back_min * MINUTE_MS:
            return False
        incidents.end(f"away/{node}", back)
        presence.area, presence.missed_from = False, back
        return True

    def _rooms(self, node: str) -> list[str]:
        """The rooms that could have been shown a lesson: those with a receiver."""
        receivers = (device for device in self.view.of_node(node) if device.facts.kind == "receiver")
        return sorted({device.facts.room for device in receivers if device.facts.room})

    def _place(self, node: str) -> Place:
        return Place(DeviceKey(NodeKey(self.world.group, node), HOST))


def _booted_at(samples: Mapping[str, Sample], t: int) -> int | None:
    sample = samples.get(_UPTIME)
    if sample is None or isinstance(sample.value, bool) or not isinstance(sample.value, int | float):
        return None
    return t - round(sample.value * 1000)
