"""What has happened becomes what is to be told: messages for people, events for programs, each once.

Reads the histories on from where it read them last, in the transaction that keeps what it made of them. The first time, it only
notes where they end: nobody wants to be told of the years before.
"""

from collections.abc import Callable, Mapping

from hub.core.insights import IncidentView
from hub.core.notices import Notice, Turn
from hub.core.people import Role
from hub.core.words import Words
from hub.messages.events import Event, EventType
from hub.messages.shapes import incident_body, ticket_body
from hub.store.events import EventRows
from hub.store.messages import Param, tell
from hub.store.news import (
    REQUESTS,
    TICKETS,
    RequestNews,
    RequestNotice,
    TicketNews,
    mark_told,
    newest,
    request_entries,
    school_name,
    ticket_entries,
    untold,
)
from hub.store.outbox import settle, waiting
from hub.store.unit_of_work import Store, UnitOfWork
from hub.web.addresses import incident_url, request_url, ticket_url
from hub.workflows.request import Entry, Request, Told
from hub.workflows.schema import Definition, Kind

_AT_ONCE = 200
_DAY_MS = 86_400_000
_NOTED, _DATES = "request.noted", frozenset({Kind.DATE, Kind.MOMENT})
_WORKERS = (Role.TECHNICIAN.value, Role.GROUP_HEAD.value)
Look = Callable[[str, str], IncidentView | None]


class Gathering:
    """`look`: an incident as it is now; `home`: where people reach the pages, for programs."""

    def __init__(self, store: Store, definitions: Mapping[str, Definition], look: Look, home: str | None) -> None:
        self._store, self._definitions, self._look, self._home = store, definitions, look, home

    def gather(self, now: int) -> None:
        """All that is new."""
        self._notices(now)
        while self._requests() or self._tickets(now):
            pass
        self._incidents(now)

    def _notices(self, now: int) -> None:
        with self._store.begin() as work:
            found = untold(work.connection, _AT_ONCE)
            for each in found:
                # What waited for a day while no hub ran is nobody's news any more.
                if each.news.entry.at >= now - _DAY_MS and not _is_told_as_ticket(each.news):
                    request = each.news.request
                    params = self._said(work, each.news)
                    key, place = f"request_notice:{each.id}", {"group": request.group, "school": request.school}
                    tell(work.connection, _code(each), params, each.whom, each.news.entry.at, key=key, **place)
            mark_told(work.connection, (each.id for each in found), now)

    def _said(self, work: UnitOfWork, news: RequestNews) -> dict[str, Param]:
        request, entry = news.request, news.entry
        definition = self._definitions.get(request.type)
        state = entry.to or entry.origin or request.state
        step = definition.transitions.get(entry.transition) if definition and entry.transition else None
        return {
            "number": request.number,
            "type": _both(definition, request.type),
            "state": _both(definition.states.get(state) if definition else None, state),
            "school": school_name(work.connection, request.group, request.school),
            "step": _both(step, entry.transition or ""),
            "when": _when(definition, entry),
            "who": entry.name,
            "path": request_url(request.number),
        }

    def _requests(self) -> bool:
        """Whether there may be more."""
        with self._store.begin() as work:
            rows, after = EventRows(work.connection), self._cursor(work, REQUESTS)
            found = () if after is None else request_entries(work.connection, after, _AT_ONCE)
            for news in found:
                event = self._request_event(news)
                if event is not None:
                    rows.add(event)
            if found:
                rows.move_cursor(REQUESTS, found[-1].entry.id)
        return len(found) == _AT_ONCE

    def _request_event(self, news: RequestNews) -> Event | None:
        types = {Told.OPENED: EventType.REQUEST_OPENED, Told.MOVED: EventType.REQUEST_MOVED}
        if news.entry.told not in types:
            return None
        request = news.request
        return Event(
            key=f"{REQUESTS}:{news.entry.id}",
            type=types[news.entry.told].value,
            subject=f"request:{request.number}",
            at=news.entry.at,
            body=request_body(request, news, self._url(request_url(request.number))),
            group=request.group,
            school=request.school,
        )

    def _tickets(self, now: int) -> bool:
        with self._store.begin() as work:
            rows, after = EventRows(work.connection), self._cursor(work, TICKETS)
            found = () if after is None else ticket_entries(work.connection, after, _AT_ONCE)
            for news in found:
                rows.add(self._ticket_event(news))
                if news.kind == "opened":
                    self._tell_ticket(work, news, now)
            if found:
                rows.move_cursor(TICKETS, found[-1].entry)
        return len(found) == _AT_ONCE

    def _ticket_event(self, news: TicketNews) -> Event:
        line, place = news.ticket, news.ticket.device.node
        return Event(
            key=f"{TICKETS}:{news.entry}",
            type=_ticket_type(news).value,
            subject=f"ticket:{line.id}",
            at=news.at,
            body=ticket_body(line, news.kind, self._url(ticket_url(line.id))),
            group=place.group,
            school=place.school,
        )

    @staticmethod
    def _tell_ticket(work: UnitOfWork, news: TicketNews, now: int) -> None:
        line, place = news.ticket, news.ticket.device.node
        if line.opened_at < now - _DAY_MS:
            # Found in what a school sent late: the list of tickets tells of it.
            return
        params: dict[str, Param] = {
            "number": line.id,
            "cause": line.cause,
            "school": line.school_name or place.school,
            "device": line.dish or line.device.device,
            "path": ticket_url(line.id),
        }
        tell(
            work.connection,
            "ticket.opened",
            params,
            _WORKERS,
            now,
            group=place.group,
            school=place.school,
            key=f"{TICKETS}:{news.entry}",
        )

    def _incidents(self, now: int) -> None:
        with self._store.reading() as reading:
            due = waiting(reading, now, of_office=True)
        for told in due:
            view = self._look(told.group, told.key)
            if view is None and Turn.ENDED not in told.turns:
                continue
            with self._store.begin() as work:
                self._tell_incident(work, told, view, now)
                settle(work.connection, told, sent=True)

    def _tell_incident(self, work: UnitOfWork, told: Notice, view: IncidentView | None, now: int) -> None:
        for turn in sorted(told.turns, key=lambda each: each.value):
            code = (EventType.INCIDENT_BEGUN if turn is Turn.BEGUN else EventType.INCIDENT_ENDED).value
            path = incident_url(told.group, told.key)
            key = f"incident:{told.group}/{told.key}:{turn.value}"
            body = incident_body(told, view, self._url(path))
            EventRows(work.connection).add(Event(key, code, f"incident:{told.group}/{told.key}", now, body, told.group))
            params: dict[str, Param] = {
                "incident": told.cause,
                "schools": 0 if view is None else len(view.schools),
                "start_at": told.start,
                "path": path,
            }
            tell(work.connection, code, params, _WORKERS, now, group=told.group, key=key)

    @staticmethod
    def _cursor(work: UnitOfWork, source: str) -> int | None:
        """How far it was read; None where it is looked at for the first time."""
        rows = EventRows(work.connection)
        after = rows.cursor(source)
        if after is None:
            rows.move_cursor(source, newest(work.connection, source))
        return after

    def _url(self, path: str) -> str | None:
        return f"{self._home}{path}" if self._home else None


def _is_told_as_ticket(news: RequestNews) -> bool:
    """What the readings found is told once, with its cause."""
    return news.entry.told is Told.OPENED and news.request.values.get("channel") == "automatic"


def _code(notice: RequestNotice) -> str:
    """A step that leads nowhere else is told by its own name."""
    entry = notice.news.entry
    return _NOTED if entry.told is Told.MOVED and entry.origin == entry.to else notice.code


def _when(definition: Definition | None, entry: Entry) -> dict[str, str]:
    """The first day or moment that was given with it: somebody comes then, or it is due. Empty: none was."""
    for name, value in entry.values.items():
        field = definition.fields.get(name) if definition else None
        if field is not None and field.kind in _DATES:
            return {"th": field.th, "en": field.en, field.kind.value: str(value)}
    return {}


def _ticket_type(news: TicketNews) -> EventType:
    if news.kind == "opened":
        return EventType.TICKET_OPENED
    return EventType.TICKET_CLOSED if not news.ticket.open else EventType.TICKET_CHANGED


def request_body(request: Request, news: RequestNews, url: str | None) -> dict[str, object]:
    return {
        "number": request.number,
        "type": request.type,
        "group": request.group,
        "school": request.school,
        "state": request.state,
        "open": request.is_open,
        "opened_at": request.opened_at,
        "due_at": request.due_at,
        "version": request.version,
        "parent": request.parent,
        "transition": news.entry.transition,
        "from": news.entry.origin,
        "to": news.entry.to,
        "url": url,
    }


def _both(words: Words | None, code: str) -> dict[str, str]:
    """In both languages; what is no longer declared, by its code."""
    return {"th": code, "en": code} if words is None else {"th": words.th, "en": words.en}
