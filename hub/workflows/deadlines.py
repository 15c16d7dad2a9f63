"""When a request has to be further: the timers of its limits, and how time counts while it waits for somebody outside.

The time of the whole request stands still in waiting states. A state that a request comes back to from waiting goes on with the
time that it had used; come back to from anywhere else, it begins anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from hub.workflows.clock import HOUR_MS, OfficeCalendar
from hub.workflows.request import Request, Timer, Turn
from hub.workflows.schema import Definition, LimitModel, StateKind


def timers(definition: Definition, request: Request, calendar: OfficeCalendar) -> tuple[Timer, ...]:
    """All that the request has where it stands, those that have been told among them."""
    if not request.is_open:
        return ()
    state = definition.states[request.state]
    found = [*_of(state.limit, request.state, request.spent.get(request.state, 0), request, calendar)]
    if state.kind is not StateKind.WAITING:
        found += _of(definition.limit, "", request.worked, request, calendar)
    return tuple(found)


def pending(definition: Definition, request: Request, calendar: OfficeCalendar) -> tuple[Timer, ...]:
    """Those that are to be told yet."""
    return tuple(each for each in timers(definition, request, calendar) if each.key not in request.reminded)


def moved_on(definition: Definition, request: Request, to: str, now: int, calendar: OfficeCalendar) -> Request:
    """The request in state `to`, with its time counted so far."""
    if to == request.state:
        return request
    waited = definition.states[request.state].kind is StateKind.WAITING
    used = calendar.worked(request.entered_at, now)
    return replace(
        request,
        state=to,
        is_open=definition.states[to].kind is not StateKind.END,
        entered_at=now,
        spent=_spent(definition, request, to, used),
        worked=request.worked + (0 if waited else used),
        reminded=frozenset(key for key in request.reminded if key.endswith(":")),
    )


def renewed(definition: Definition, old: Request, new: Request) -> Request:
    """Where the moment of a limit was put off, its reminders are told again when that comes."""
    scopes = [name for name in (old.state, "") if _moment(definition, name, old) != _moment(definition, name, new)]
    return replace(new, reminded=frozenset(key for key in new.reminded if key.partition(":")[2] not in scopes))


def _moment(definition: Definition, scope: str, request: Request) -> object:
    limit = limit_of(definition, scope)
    return request.values.get(limit.until) if limit and limit.until else None


def due(definition: Definition, request: Request, calendar: OfficeCalendar) -> Request:
    """With the moment at which its first limit runs out."""
    ends = [each.at for each in timers(definition, request, calendar) if each.turn is Turn.OVERDUE]
    return replace(request, due_at=min(ends, default=None))


def limit_of(definition: Definition, scope: str) -> LimitModel | None:
    return definition.states[scope].limit if scope else definition.limit


def _of(limit: LimitModel | None, scope: str, used: int, request: Request, calendar: OfficeCalendar) -> Iterator[Timer]:
    end = None if limit is None else _end(limit, used, request, calendar)
    if limit is None or end is None:
        return
    if limit.warn_hours:
        warn = calendar.before(end, round(limit.warn_hours * HOUR_MS))
        if warn > request.entered_at:
            yield Timer(warn, Turn.WARN, scope)
    yield Timer(end, Turn.OVERDUE, scope)


def _end(limit: LimitModel, used: int, request: Request, calendar: OfficeCalendar) -> int | None:
    if limit.until is not None:
        moment = request.values.get(limit.until)
        return calendar.closing(date.fromisoformat(moment)) if isinstance(moment, str) else _whole(moment)
    return calendar.after(request.entered_at, max(0, round((limit.hours or 0) * HOUR_MS) - used))


def _whole(moment: object) -> int | None:
    return moment if isinstance(moment, int) else None


def _spent(definition: Definition, request: Request, to: str, used: int) -> Mapping[str, int]:
    if definition.states[request.state].kind is StateKind.WAITING:
        keeps = definition.states[to].kind is StateKind.WAITING
        return {name: each for name, each in request.spent.items() if keeps or name == to}
    if definition.states[to].kind is StateKind.WAITING:
        return {request.state: request.spent.get(request.state, 0) + used}
    return {}
