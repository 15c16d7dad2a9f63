"""The one engine: a request, what somebody wants with it, and the time, to the request as it is then, an entry of its history,
and what follows. Reads nothing and writes nothing; what it asks of the world stands in `Around`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from hub.core.people import Permission, Principal, Role
from hub.core.pictures import Photo
from hub.workflows.clock import OfficeCalendar
from hub.workflows.deadlines import due, limit_of, moved_on, pending, renewed
from hub.workflows.guards import GUARDS, Situation, holds
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Effects, Entry, Notice, Opening, Request, Step, Told, Turn, Value, Values
from hub.workflows.schema import REQUESTER, AsksModel, Definition, FieldModel, GuardModel, TransitionModel
from hub.workflows.telling import told_to, warned
from hub.workflows.values import Register, read

HUB = "hub"
LONGEST_NOTE = 2000
_MAY_CORRECT = frozenset({Role.GROUP_HEAD, Role.ADMIN})
_TOLD = {Turn.WARN: Told.WARNED, Turn.OVERDUE: Told.OVERDUE}


class Around(Register, Protocol):
    """What the engine asks of the world."""

    def others(self, request_type: str, but: int) -> Sequence[Values]:
        """The fields of the open requests of a type, without one. Nobody adds any until the transaction ends."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody gives with a step.

    version  of the request that they read
    photos   that go into its history
    key      the same however often a form is sent, so that it counts once; empty: each time is another
    """

    given: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    version: int = 0
    photos: tuple[Photo, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who acts, when, and what there is around."""

    who: Principal
    now: int
    around: Around


class Engine:
    """Raises Refused; then nothing happens."""

    def __init__(self, definitions: Mapping[str, Definition], calendar: OfficeCalendar) -> None:
        self.definitions, self.calendar = definitions, calendar

    def may_open(self, definition: Definition, who: Principal) -> bool:
        return definition.offered and (REQUESTER in definition.opening.roles or _has_role(who, definition.opening))

    def allowed(self, request: Request, who: Principal) -> tuple[str, ...]:
        """The transitions that somebody may take where the request stands, the usual one first."""
        leaving = self.definitions[request.type].leaving(request.state)
        return tuple(name for name, each in leaving if _may(who, each, request) and not _does_nothing(each, request))

    def may_correct(self, entry: Entry, who: Principal) -> bool:
        return bool(entry.values) and (entry.who == who.label or bool(who.roles & _MAY_CORRECT))

    def open(self, request_type: str, wish: Wish, scene: Scene, parent: Request | None = None) -> Step:
        """A new request. `parent`: it comes from this one, so that whoever worked on that may open it."""
        definition = self.definitions.get(request_type)
        if definition is None:
            raise Refused(Refusal.NO_SUCH_TYPE)
        if parent is None and not self.may_open(definition, scene.who):
            raise Refused(Refusal.NOT_ALLOWED)
        values = self._values(definition, definition.opening, wish, scene.around)
        self._guard(definition.opening.guards, definition, self._situation(values, None, scene), scene.around)
        request = Request(
            type=request_type,
            state=definition.begin,
            opened_by=scene.who.label,
            opened_name=scene.who.name,
            opened_at=scene.now,
            entered_at=scene.now,
            values=values,
            parent=None if parent is None else parent.number,
        )
        request = _housed(_placed(definition, request, scene.who), scene.who, parent)
        entry = Entry(
            scene.now, Told.OPENED, scene.who.label, scene.who.name, to=request.state, values=values, note=_note(wish)
        )
        return self._step(definition, definition.opening, request, entry)

    def move(self, request: Request, name: str, wish: Wish, scene: Scene) -> Step:
        """One transition on."""
        definition, transition = self._transition(request, name)
        # Whoever looks at an old page is told so first: their step may be possible again after another look.
        if wish.version != request.version:
            raise Refused(Refusal.STALE)
        if request.state not in transition.origins:
            raise Refused(Refusal.NOT_FROM_HERE)
        if not _may(scene.who, transition, request):
            raise Refused(Refusal.NOT_ALLOWED)
        given = self._values(definition, transition, wish, scene.around)
        kept = {field: value for field, value in request.values.items() if field not in transition.clears}
        values = {**kept, **given}
        self._guard(transition.guards, definition, self._situation(values, request, scene), scene.around)
        to = transition.to or request.state
        moved = moved_on(definition, request, to, scene.now, self.calendar)
        moved = renewed(definition, request, replace(moved, values=values, version=request.version + 1))
        moved = _placed(definition, moved, scene.who)
        entry = Entry(
            scene.now,
            Told.MOVED,
            scene.who.label,
            scene.who.name,
            name,
            request.state,
            to,
            given,
            _note(wish),
        )
        return self._step(definition, transition, moved, entry)

    def catch_up(self, request: Request, state: str, scene: Scene, name: str | None = None) -> Step:
        """It stands in another state already, whatever the rules would say. name: the transition that it is as good as."""
        definition = self.definitions[request.type]
        moved = moved_on(definition, request, state, scene.now, self.calendar)
        moved = replace(moved, version=request.version + 1)
        entry = Entry(scene.now, Told.MOVED, scene.who.label, scene.who.name, name, request.state, state)
        tells = definition.transitions[name].tells if name else ()
        return self._step(definition, AsksModel(roles=(), tells=tells), moved, entry)

    def correct(self, request: Request, history: Sequence[Entry], number: int, wish: Wish, scene: Scene) -> Step:
        """Put right what an entry says, by a further one. What a later entry said of the same field stays as it is."""
        definition = self.definitions[request.type]
        wrong = next((each for each in history if each.id == number), None)
        if wish.version != request.version:
            raise Refused(Refusal.STALE)
        if wrong is None or not wrong.values:
            raise Refused(Refusal.NO_SUCH_ENTRY)
        if not self.may_correct(wrong, scene.who):
            raise Refused(Refusal.NOT_ALLOWED)
        given, faults = read(_only(definition, wrong.values), wish.given, self.calendar, scene.around)
        given = {name: value for name, value in given.items() if value != wrong.values[name]}
        if faults or not given:
            raise Refused(Refusal.FIELDS, faults or [Fault("missing", next(iter(wrong.values)))])
        newest = {name for name in given if _said_last(definition, history, name) in (wrong.id, wrong.corrects)}
        values = {**request.values, **{name: given[name] for name in newest}}
        asked = definition.transitions[wrong.transition] if wrong.transition else definition.opening
        touched = [guard for guard in asked.guards if {guard.field, guard.than, guard.same} & newest]
        self._guard(touched, definition, self._situation(values, request, scene), scene.around)
        mended = renewed(definition, request, replace(request, values=values, version=request.version + 1))
        mended = _placed(definition, mended, scene.who)
        entry = Entry(
            scene.now,
            Told.CORRECTED,
            scene.who.label,
            scene.who.name,
            wrong.transition,
            values=given,
            note=_note(wish),
            corrects=wrong.id,
        )
        return self._step(definition, AsksModel(roles=(), audit=asked.audit), mended, entry)

    def remind(self, request: Request, now: int) -> Step | None:
        """What the oldest timer that is due says; None where none is."""
        definition = self.definitions[request.type]
        ripe = [each for each in pending(definition, request, self.calendar) if each.at <= now]
        if not ripe:
            return None
        timer = min(ripe, key=lambda each: each.at)
        limit = limit_of(definition, timer.scope)
        assert limit is not None
        tells = limit.tells if timer.turn is Turn.OVERDUE else warned(definition, request, limit)
        entry = Entry(now, _TOLD[timer.turn], HUB, origin=request.state, to=request.state, scope=timer.scope)
        told = replace(request, reminded=request.reminded | {timer.key})
        return self._step(definition, AsksModel(roles=(), tells=tells), told, entry)

    def _opening(self, asks: AsksModel, values: Values) -> Opening | None:
        opens = asks.opens if isinstance(asks, TransitionModel) else None
        if opens is None:
            return None
        fields = self.definitions[opens.type].fields
        given = {to: carried(values[own], fields[to]) for to, own in opens.carries.items() if own in values}
        return Opening(opens.type, given)

    def _situation(self, values: Values, request: Request | None, scene: Scene) -> Situation:
        return Situation(values, request, scene.who, scene.now, self.calendar)

    def _transition(self, request: Request, name: str) -> tuple[Definition, TransitionModel]:
        definition = self.definitions[request.type]
        if name not in definition.transitions:
            raise Refused(Refusal.NO_SUCH_STEP)
        return definition, definition.transitions[name]

    def _values(self, definition: Definition, asks: AsksModel, wish: Wish, around: Around) -> dict[str, Value]:
        values, faults = read(_only(definition, asks.fields), wish.given, self.calendar, around)
        flawed = {fault.field for fault in faults}
        faults += [Fault("missing", name) for name in asks.asks if name not in values and name not in flawed]
        if len(wish.note) > LONGEST_NOTE:
            faults.append(Fault("too_long", "note", {"most": LONGEST_NOTE}))
        if faults:
            raise Refused(Refusal.FIELDS, faults)
        return values

    def _guard(
        self, guards: Iterable[GuardModel], definition: Definition, situation: Situation, around: Around
    ) -> None:
        guards = tuple(guards)
        if any(GUARDS[each.check].looks_around for each in guards):
            but = situation.request.id if situation.request else 0
            situation = replace(situation, others=around.others(definition.id, but))
        faults = [_speaks(each) for each in guards if not holds(each, situation)]
        if faults:
            raise Refused(Refusal.GUARD, faults)

    def _step(self, definition: Definition, asks: AsksModel, request: Request, entry: Entry) -> Step:
        request = due(definition, request, self.calendar)
        to = told_to(asks.tells, request, entry.who)
        effects = Effects(
            documents=asks.documents,
            notices=(Notice(f"request.{entry.told.value}", to),) if to else (),
            timers=pending(definition, request, self.calendar),
            hooks=asks.hooks,
            opens=self._opening(asks, request.values),
            audit=asks.audit,
        )
        return Step(request, replace(entry, documents=asks.documents), effects)


def _has_role(who: Principal, asks: AsksModel) -> bool:
    return any(role.value in asks.roles for role in who.roles)


def _may(who: Principal, transition: TransitionModel, request: Request) -> bool:
    own = REQUESTER in transition.roles and request.opened_by == who.label
    return own or _has_role(who, transition)


def _does_nothing(transition: TransitionModel, request: Request) -> bool:
    """It would only clear what holds nothing."""
    return bool(transition.clears) and transition.to is None and not set(transition.clears) & set(request.values)


def _only(definition: Definition, names: Iterable[str]) -> dict[str, FieldModel]:
    return {name: definition.fields[name] for name in names}


def _note(wish: Wish) -> str:
    return wish.note.strip()


def _placed(definition: Definition, request: Request, who: Principal) -> Request:
    """With the school that it is about; somebody of a school asks for their own."""
    value = request.values.get(definition.school or "")
    if not isinstance(value, str):
        return replace(request, school=request.school or who.school)
    group, _, school = value.partition("/")
    if not who.may(Permission.SEE_REQUESTS) and school != who.school:
        raise Refused(Refusal.FIELDS, [Fault("not_own_school", definition.school)])
    return replace(request, group=group, school=school)


def _housed(request: Request, who: Principal, parent: Request | None) -> Request:
    """What names no school is of the district of what it comes from, else of whoever opens it, if they are limited to any:
    nobody of another one is told of it."""
    home = parent.group if parent is not None and parent.group else min(who.groups or (), default=None)
    return request if request.group else replace(request, group=home)


def _speaks(guard: GuardModel) -> Fault:
    wanted = {"days": guard.days, "hours": guard.hours, "most": guard.most}
    params = {name: value for name, value in wanted.items() if value is not None}
    return Fault(guard.check, guard.field, params, guard.words)


def _said_last(definition: Definition, history: Sequence[Entry], name: str) -> int | None:
    """The entry that a field has its value from, or that cleared it; of a correction, the entry that it corrects."""

    def says(entry: Entry) -> bool:
        step = definition.transitions.get(entry.transition or "") if entry.corrects is None else None
        return name in entry.values or (step is not None and name in step.clears)

    return next((each.corrects or each.id for each in reversed(history) if says(each)), None)


def carried(value: Value, to: FieldModel) -> Value:
    """What one field holds, for another: of rows, the columns that both have."""
    if isinstance(value, str | int | float | Mapping):
        return value
    return [{name: cell for name, cell in row.items() if name in to.columns} for row in value]
