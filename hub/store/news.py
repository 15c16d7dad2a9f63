"""The histories of tickets and requests, read on from where they were read last, to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select, update

from hub.core.views import TicketLine
from hub.store.requests import read_entry, read_request
from hub.store.tables import school, ticket_entry
from hub.store.ticket_views import one_ticket
from hub.store.workflow_tables import request, request_entry, request_notice
from hub.workflows.request import Entry, Request

TICKETS, REQUESTS = "ticket_entry", "request_entry"
"""The names of their cursors."""


@dataclass(frozen=True, slots=True)
class RequestNews:
    """An entry of a request, and the request as it is now."""

    entry: Entry
    request: Request


@dataclass(frozen=True, slots=True)
class RequestNotice:
    """Somebody is to be told of an entry."""

    id: int
    code: str
    whom: tuple[str, ...]
    news: RequestNews


@dataclass(frozen=True, slots=True)
class TicketNews:
    """An entry of a ticket, and the ticket as it is now."""

    entry: int
    at: int
    kind: str
    to: str | None
    ticket: TicketLine


def newest(connection: Connection, source: str) -> int:
    """The last entry of a history; 0: it has none."""
    table = ticket_entry if source == TICKETS else request_entry
    return connection.execute(select(func.max(table.c.id))).scalar() or 0


def untold(connection: Connection, limit: int) -> tuple[RequestNotice, ...]:
    """Notices of requests that wait, the oldest first."""
    waiting = select(request_notice).where(request_notice.c.told_at.is_(None)).order_by(request_notice.c.id)
    return tuple(
        RequestNotice(row.id, row.code, tuple(row.whom), _request_news(connection, row.entry_id))
        for row in connection.execute(waiting.limit(limit)).all()
    )


def mark_told(connection: Connection, notices: Iterable[int], now: int) -> None:
    connection.execute(update(request_notice).where(request_notice.c.id.in_(tuple(notices))).values(told_at=now))


def request_entries(connection: Connection, after: int, limit: int) -> tuple[RequestNews, ...]:
    newer = select(request_entry.c.id).where(request_entry.c.id > after).order_by(request_entry.c.id).limit(limit)
    return tuple(_request_news(connection, entry) for entry in connection.execute(newer).scalars().all())


def ticket_entries(connection: Connection, after: int, limit: int) -> tuple[TicketNews, ...]:
    # A row of SQLAlchemy has a `t` of its own.
    columns = select(ticket_entry.c.t.label("at"), ticket_entry)
    newer = columns.where(ticket_entry.c.id > after).order_by(ticket_entry.c.id).limit(limit)
    return tuple(news for row in connection.execute(newer).all() if (news := _ticket_news(connection, row)))


def school_name(connection: Connection, group: str | None, code: str | None) -> str:
    """As the register has it, else its code; empty where there is none."""
    named = select(school.c.name).where(and_(school.c.group == group, school.c.code == code))
    return connection.execute(named).scalar() or code or ""


def _request_news(connection: Connection, entry_id: int) -> RequestNews:
    rows: Select[Any] = select(request_entry).where(request_entry.c.id == entry_id)
    entry = connection.execute(rows).one()
    of = connection.execute(select(request).where(request.c.id == entry.request_id)).one()
    return RequestNews(read_entry(entry), read_request(of))


def _ticket_news(connection: Connection, row: Row[*tuple[Any, ...]]) -> TicketNews | None:
    line = one_ticket(connection, row.ticket_id)
    return None if line is None else TicketNews(row.id, row.at, row.kind, row.params.get("to"), line)
