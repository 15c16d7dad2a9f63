"""What people do with requests, carried out: one transaction for the step, its history, what it opens, and the audit."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from hub.core.live import Changes
from hub.core.people import Principal
from hub.core.pictures import Photo
from hub.store.audit import AuditRows
from hub.store.phone_views import PhoneLook
from hub.store.photos import keep_photos
from hub.store.request_views import Around, RequestLook, keep_file
from hub.store.requests import RequestRows
from hub.store.submissions import once
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import ONE_OFFICE, Offices
from hub.workflows.clock import OfficeCalendar
from hub.workflows.deadlines import pending
from hub.workflows.engine import Engine, Scene, Wish
from hub.workflows.loading import hooks_of, load_definitions
from hub.workflows.refusals import Refusal, Refused
from hub.workflows.request import Request, Step
from hub.workflows.settings import OfficeSettings
from hub.workflows.sight import may_see

log = logging.getLogger(__name__)
Publish = Callable[[Changes], None]
Hook = Callable[[UnitOfWork, Step], None]
"""Behaviour of the hub at a named place of a workflow, in the transaction of its step."""
Ahead = Callable[[UnitOfWork, Request, int], None]
"""What takes a hook long to find out, found out before that transaction. Writes nothing."""


class HookMissing(Exception):
    """A type is offered whose behaviour nobody has attached: our mistake, told at start."""


THAILAND = ZoneInfo("Asia/Bangkok")


def make_engine(settings: OfficeSettings, zone: ZoneInfo = THAILAND) -> Engine:
    """With the workflows that are shipped. Raises TomlMistake."""
    return Engine(load_definitions(limits=settings.limits), OfficeCalendar(settings, zone))


class Requests:
    """Raises Refused, which undoes everything of its step."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        clock: Callable[[], int],
        hooks: Mapping[str, Hook] | None = None,
        followers: Mapping[str, Hook] | None = None,
        *,
        ahead: Mapping[str, Ahead] | None = None,
        offices: Offices = ONE_OFFICE,
    ) -> None:
        """followers: what follows every step of a type, whatever the step; ahead: by the hook that it is for; offices: whose
        stock a field may name
        """
        self.engine, self._store, self._clock, self._hooks = engine, store, clock, hooks or {}
        self._followers, self._ahead = followers or {}, ahead or {}
        self._publish: Publish = _nobody
        self._offices = offices
        self.look, self.phone = RequestLook(store, offices), PhoneLook(store)
        missing = hooks_of(each for each in engine.definitions.values() if each.offered) - set(self._hooks)
        if missing:
            raise HookMissing(f"nobody attached {', '.join(sorted(missing))}; give them, or offer their types no more")

    def tell(self, publish: Publish) -> None:
        """From now on the pages that are open are told."""
        self._publish = publish

    def open(self, request_type: str, wish: Wish, who: Principal) -> Request:
        with self._store.begin() as work:
            scene = self._scene(work, who)
            return self._once(work, wish, scene, lambda: self.open_in(work, request_type, wish, scene))

    def open_in(
        self, work: UnitOfWork, request_type: str, wish: Wish, scene: Scene, parent: Request | None = None
    ) -> Request:
        """In somebody's transaction. parent: it comes from this one; whoever calls has looked whether they may open it."""
        return self._added(work, self.engine.open(request_type, wish, scene, parent), scene, wish.photos)

    def move(self, number: str, transition: str, wish: Wish, who: Principal) -> Request:
        self._look_ahead(number, transition, who)
        with self._store.begin() as work:
            request = self._found(RequestRows(work.connection), number, who)
            scene = self._scene(work, who)
            return self._once(work, wish, scene, lambda: self.move_in(work, request, transition, wish, who))

    def move_in(self, work: UnitOfWork, request: Request, transition: str, wish: Wish, who: Principal) -> Request:
        """In the transaction in which it was read; whoever calls has looked whether they may see it."""
        scene = self._scene(work, who)
        return self._changed(work, self.engine.move(request, transition, wish, scene), request, scene, wish.photos)

    def catch_up_in(
        self, work: UnitOfWork, request: Request, state: str, who: Principal, name: str | None = None
    ) -> Request:
        """The work on it stands elsewhere already."""
        scene = self._scene(work, who)
        return self._changed(work, self.engine.catch_up(request, state, scene, name), request, scene)

    def correct(self, number: str, entry: int, wish: Wish, who: Principal) -> Request:
        """Put right what an entry of the history says."""
        with self._store.begin() as work:
            rows = RequestRows(work.connection)
            request = self._found(rows, number, who)
            scene = self._scene(work, who)

            def corrected() -> Request:
                step = self.engine.correct(request, rows.history(request.id), entry, wish, scene)
                return self._changed(work, step, request, scene, wish.photos)

            return self._once(work, wish, scene, corrected)

    def keep_file(self, who: Principal, name: str, data: bytes) -> int:
        """A file that somebody sends with a form. Its number, which the field holds."""
        return keep_file(self._store, who, name, data, self._clock())

    def tick(self, now: int) -> int:
        """Tell what has become due. How much. Raises what went wrong with one of them after the others."""
        told, wrong = 0, list[Exception]()
        with self._store.reading() as connection:
            due = RequestRows(connection).due(now)
        for number in due:
            try:
                with self._store.begin() as work:
                    told += self._reminded(RequestRows(work.connection), number, now)
            except Exception as error:  # noqa: BLE001  whatever it is, the others are due as well
                wrong.append(error)
        if wrong:
            raise wrong[0]
        return told

    def _look_ahead(self, number: str, transition: str, who: Principal) -> None:
        """Nobody who writes has to wait for it. Whether the step can be taken is told in its transaction."""
        if not self._ahead:
            return
        with self._store.reading() as connection:
            request = RequestRows(connection).read(number)
            if request is None or not self._declared(request) or not may_see(who, request):
                return
            if transition in self.engine.allowed(request, who):
                asks = self.engine.definitions[request.type].transitions[transition]
                for name in self._ahead.keys() & set(asks.hooks):
                    self._ahead[name](UnitOfWork(connection), request, self._clock())

    def _once(self, work: UnitOfWork, wish: Wish, scene: Scene, act: Callable[[], Request]) -> Request:
        """A form that comes again changes nothing; what it led to is told as it is now."""
        if not wish.key:
            return act()
        number = once(work.connection, scene.who, wish.key, scene.now, lambda: act().number)
        return self._found(RequestRows(work.connection), number, scene.who)

    def _scene(self, work: UnitOfWork, who: Principal) -> Scene:
        return Scene(who, self._clock(), Around(work.connection, who, self._offices))

    def _reminded(self, rows: RequestRows, number: str, now: int) -> bool:
        request = rows.get(number)
        if request is None:
            return False
        if not self._declared(request):
            log.warning(
                "request %s is of a workflow or in a state that is no more: its time limits are dropped", number
            )
            rows.plan(request.id, ())
            return False
        step = self.engine.remind(request, now)
        if step is None:
            # The limit was changed since it was planned.
            rows.plan(request.id, pending(self.engine.definitions[request.type], request, self.engine.calendar))
            return False
        return rows.change(step, request.version)

    def _found(self, rows: RequestRows, number: str, who: Principal) -> Request:
        request = rows.get(number)
        if request is None or not may_see(who, request):
            raise Refused(Refusal.NO_SUCH_REQUEST)
        if not self._declared(request):
            raise Refused(Refusal.NO_SUCH_TYPE)
        return request

    def _declared(self, request: Request) -> bool:
        definition = self.engine.definitions.get(request.type)
        return definition is not None and request.state in definition.states

    def _added(self, work: UnitOfWork, step: Step, scene: Scene, photos: Sequence[Photo] = ()) -> Request:
        definition = self.engine.definitions[step.request.type]
        rows = RequestRows(work.connection)
        number = rows.number(definition, self.engine.calendar.day(scene.now))
        request_id = rows.add(step, number)
        request = replace(step.request, number=number, id=request_id)
        keep_photos(work.connection, request, photos, scene.who, scene.now)
        self._follow(work, replace(step, request=request), scene)
        return request

    def _changed(
        self, work: UnitOfWork, step: Step, before: Request, scene: Scene, photos: Sequence[Photo] = ()
    ) -> Request:
        if not RequestRows(work.connection).change(step, before.version):
            raise Refused(Refusal.STALE)
        keep_photos(work.connection, before, photos, scene.who, scene.now)
        self._follow(work, step, scene)
        return step.request

    def _follow(self, work: UnitOfWork, step: Step, scene: Scene) -> None:
        work.after.append(lambda: self._publish(Changes(requests=frozenset({step.request.number}))))
        for hook in _attached(step.effects.hooks, self._hooks):
            hook(work, step)
        if step.request.type in self._followers:
            self._followers[step.request.type](work, step)
        if step.effects.audit:
            what = f"request.{step.entry.transition or step.entry.told.value}"
            details = {"type": step.request.type, "state": step.request.state, "told": step.entry.told.value}
            subject = f"request:{step.request.number}"
            AuditRows(work.connection).write(scene.who, what, subject, details, scene.now)
        if step.effects.opens is not None:
            opening = step.effects.opens
            opened = self.engine.open(opening.type, Wish(opening.values), scene, parent=step.request)
            self._added(work, opened, scene)


def _attached(names: Iterable[str], hooks: Mapping[str, Hook]) -> list[Hook]:
    return [hooks[name] for name in names if name in hooks]


def _nobody(_changes: Changes) -> None:
    """Before there are pages."""
