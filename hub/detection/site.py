"""A school: takes the reports of its nodes in event order and passes them on: to attendance, reception, signs and rooms."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from hub.core.equipment import HOST
from hub.core.findings import Finding, FindingCleared, FindingCorrected, FindingOpened
from hub.core.reports import ONLINE, Report, Sample
from hub.detection.aerials import name_of
from hub.detection.attendance import Attendance
from hub.detection.evaluate import SHARED, Case
from hub.detection.facts import DeviceFacts, ProfileFacts
from hub.detection.levels import Condition
from hub.detection.reception import Reception
from hub.detection.rooms import Ledger, Loss
from hub.detection.use import note_use
from hub.detection.view import LOCK, DeviceView, SiteView
from hub.detection.world import Calendar, World
from wire.metrics import DataType
from wire.vocabulary import REACHABLE

_TELL_MS = 3 * 3_600_000
"""How often lesson time that still runs is told."""
_DISPLAYS = ("tv", "projector")


@dataclass(slots=True)
class Site:
    """The state of one school, and how it changes.

    told_at  when its rooms' days were last told
    stirred  it may want to be looked at at another moment than it said last
    waits    from when to when that moment is later than what was told can be taken to hold; None where it is not
    """

    code: str
    world: World
    time: Calendar
    case: Case
    view: SiteView
    ledger: Ledger
    attendance: Attendance
    reception: Reception
    told_at: int = 0
    stirred: bool = True
    waits: tuple[int, int] | None = None
    _due: int | None = None
    _dishes_due: int | None = None
    _dark_causes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def fresh(cls, code: str, world: World) -> "Site":
        time, case, ledger = world.calendar_of(code), Case(), Ledger()
        case.view.wet, case.view.pauses = partial(world.sky.rains_near, code), world.pauses
        attendance = Attendance(code, world, case.view, time, ledger)
        reception = Reception.of(code, world, case.view, time, ledger)
        dark = frozenset(cause.code for cause in world.causes if cause.dark)
        return cls(code, world, time, case, case.view, ledger, attendance, reception, _dark_causes=dark)

    def learn(self, devices: Iterable[tuple[str, DeviceFacts, ProfileFacts]]) -> None:
        """What the register and the profiles say now, by node."""
        for node, facts, profile in devices:
            device = self.view.device(node, facts.key)
            # A reference stands for its dish: nobody has lessons where it stands.
            device.facts, device.profile = (replace(facts, room=None) if profile.reference else facts), profile
        self.case.anew = True
        self.reception.aerials.arrange()
        self.world.judge.forget_undeclared(self.case)

    def take(self, report: Report, t: int) -> None:
        """Take the next report of a node. `t`: its event time, but never before what was taken."""
        (((_, node), key), _, _, told_for, samples) = report
        if key == HOST:
            online = samples.get(ONLINE)
            if online is not None:
                self._change_session(node, report, t, born=online.value is True)
                if online.value is not True:
                    return
        if self.attendance.hear(node, told_for if told_for < t else t):
            self.stirred = True
        self.advance(t)
        device = self.view.devices.get((node, key)) or self.view.device(node, key)
        was_present = device.present
        changed = device.take(samples, t)
        if not was_present:
            changed.append(REACHABLE)
        if device.facts.kind == "receiver" and self.reception.sense(device, samples, t):
            self.stirred = True
            # How well one receiver hears says something of the others on its dish.
            changed.append(LOCK)
        if changed:
            self._review(device, changed, t)

    def _review(self, device: DeviceView, changed: list[str], t: int) -> None:
        if not SHARED.isdisjoint(changed):
            note_use(self.view, self.ledger, self.time, t, attended=not self.attendance.roll_call_at)
        if self.world.judge.review(self.case, device, changed, t, self.time):
            self.stirred = True
            self._settle(t)

    def _change_session(self, node: str, report: Report, t: int, *, born: bool) -> None:
        self.stirred = True
        self.advance(t)
        if born:
            if self.attendance.presence(node).died_unseen(t, self.world.settings.presence):
                self._lose_sight(node, min(t, self._horizon(t)))
            self.attendance.come_back(node, report.samples, t)
            self.case.anew = True
            for device in self.view.of_node(node):
                # Whoever is born with it is there. If its death was never told, the others are not there any more either.
                device.present = False
            return
        self.attendance.leave(node, t)
        self._lose_sight(node, t)

    def _lose_sight(self, node: str, t: int) -> None:
        """Of its devices nothing is known from `t` on."""
        for device in self.view.of_node(node):
            device.present = False
            device.interrupt()
            if device.level is not None:
                self.reception.sense(device, {}, t)
        self.world.judge.review_all(self.case, t, self.time)
        note_use(self.view, self.ledger, self.time, t, attended=False)

    def advance(self, t: int) -> None:
        """Let time pass up to `t`."""
        self.told_at = self.told_at or t
        view, case_due, due, dishes_due = self.view, self.case.due, self._due, self._dishes_due
        if view.t is None or t > view.t:
            view.t = t
        if (case_due is None or case_due > t) and (due is None or due > t) and (dishes_due is None or dishes_due > t):
            # At most reports nothing falls due.
            return
        self.stirred |= self.waits is not None
        until = min(t, self._horizon(t))
        self._settle(until)
        if dishes_due is not None and self._is_away:
            # Its journal tells what was meanwhile: the dishes are looked at as if it had been told then.
            until = min(until, self._told_until())
            if dishes_due <= until:
                self.stirred = True
                self.reception.advance(until)
        elif due is not None and due <= until:
            self.reception.advance(until)

    @property
    def _is_away(self) -> bool:
        nodes = self.attendance.nodes
        return bool(nodes) and all(each.away for each in nodes.values())

    def _told_until(self) -> int:
        """Up to when history that has been told can be taken to hold; 0 where none has."""
        told = [reading.t for each in self.view.devices.values() if each.present for reading in each.readings.values()]
        quiet = max(each.quiet_ms(self.world.settings.presence) for each in self.attendance.nodes.values())
        return max(told) + quiet if told else 0

    def _horizon(self, default: int) -> int:
        """Up to when what was told last can be taken to hold: a node that is quiet for too long may have died unseen."""
        quiet, nodes = self.world.settings.presence, self.attendance.nodes.values()
        return max(
            [(each.heard_at or 0) + each.quiet_ms(quiet) for each in nodes if each.away_since is None], default=default
        )

    def _settle(self, t: int) -> None:
        for finding in self.world.judge.fall_due(self.case, self.world.group, t, self.time):
            self._tell(finding)

    def pass_time(self, t: int) -> None:
        """The world's time is `t`; the school itself may be away, so that its own time stands still."""
        self.stirred = True
        self.attendance.advance(t)
        for device in list(self.attendance.missing_at_roll_call(t)):
            self._take_silence(device, t)
        if any(not presence.away for presence in self.attendance.nodes.values()):
            self.advance(t)
        if t - self.told_at >= _TELL_MS:
            note_use(self.view, self.ledger, self.time, t, attended=False)
            self.world.judge.review_all(self.case, t, self.time)
            self._settle(t)
            self.tell_rooms(t, running=True)

    def _take_silence(self, device: DeviceView, t: int) -> None:
        changed = device.take({REACHABLE: Sample(False, DataType.BOOLEAN)}, t)
        if device.level is not None:
            self.reception.sense(device, {}, t)
        self._review(device, [*changed, REACHABLE], t)

    def tell_rooms(self, t: int, *, running: bool) -> None:
        self.told_at = t
        for day in self.ledger.tell(self.world.group, self.code, self.time, t, running=running):
            self.world.tell(day)

    def next_due(self) -> int | None:
        """When it wants to know that time has passed. Most reports change nothing of that."""
        if self.stirred or self.reception.stirred or (self.waits is not None and self._is_other_by_now()):
            self.stirred = self.reception.stirred = False
            self._due = self._when_to_look()
        return self._due

    def _is_other_by_now(self) -> bool:
        """What is due later than the school can be taken to hold waits for it to be heard again, and is asked for then."""
        if self.waits is None:
            return False
        first, last = self.waits
        return not first <= self._horizon(0) < last

    def _when_to_look(self) -> int | None:
        dues = [self.attendance.next_due(), self.told_at + _TELL_MS if self.told_at else None]
        self._dishes_due = self.reception.next_due()
        own = [due for due in (self.case.due, self._dishes_due) if due is not None]
        self.waits = None
        if own:
            horizon = self._horizon(0)
            now = [due for due in own if due <= horizon]
            if horizon and len(now) < len(own):
                self.waits = max(now, default=0), min(due for due in own if due > horizon)
            dues += now
        return min((due for due in dues if due is not None), default=None)

    def _tell(self, finding: Finding) -> None:
        place = finding.place.device
        device = self.view.device(place.node.name, place.device)
        if isinstance(finding, FindingOpened):
            finding = self.reception.own_up(device, finding)
        self.world.tell(finding)
        if finding.cause not in self._dark_causes:
            return
        receiver = device.level
        if receiver is not None and not isinstance(finding, FindingCorrected):
            receiver.blamed = isinstance(finding, FindingOpened)
            receiver.blamed_from = finding.onset_at if isinstance(finding, FindingOpened) else 0
        key = f"{place.node.name}/{place.device}/{finding.cause}/{getattr(finding, 'sign', '')}/"
        if isinstance(finding, FindingOpened):
            if receiver is not None and receiver.condition is Condition.DARK:
                self.reception.darkness.acquit(name_of(device), device, finding.onset_at, finding.opened_at)
            loss = Loss(self._darkened(device), finding.cause, finding.onset_at)
            self.ledger.lose(f"{key}{finding.onset_at}", loss, self.time, finding.opened_at)
        elif isinstance(finding, FindingCleared):
            device.learnt.daily.is_mended()
            for each in [each for each in self.ledger.losses if each.startswith(key)]:
                self.ledger.end(each, finding.ended_at or finding.cleared_at, self.time, finding.cleared_at)

    def _darkened(self, device: DeviceView) -> list[str]:
        """The room that has no lesson because of this device: not where another of its sort stands in for it."""
        room = device.facts.room
        if not room:
            return []
        sort = _DISPLAYS if device.facts.kind in _DISPLAYS else (device.facts.kind,)
        mates = [mate for mate in self.view.room_mates(device) if mate.facts.kind in sort]
        faulty = {
            key for (key, cause, _), each in self.case.signs.items() if cause in self._dark_causes and each.stands
        }
        return [room] if all(mate.id in faulty or not mate.learnt.answered for mate in mates) else []
