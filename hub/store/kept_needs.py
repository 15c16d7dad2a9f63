"""Needs as they were weighed last, for as long as nothing has happened that they are made from.

Weighing reads two years of tickets and repairs for every asset. What changes without a line in some history, readings and
lessons lost, is seen after a minute.
"""

from collections.abc import Collection
from threading import Lock

from sqlalchemy import Connection, func, select, union_all

from hub.core.needs import Need
from hub.store.allocation_tables import allocation_entry, opened_need
from hub.store.asset_tables import asset_entry
from hub.store.needs import NeedRows, Weighing
from hub.store.people_tables import audit_entry
from hub.store.tables import school, ticket, ticket_entry
from hub.store.workflow_tables import request_entry

_MINUTE_MS = 60_000
_MOST = 16
_Stamp = tuple[int, ...]
_Whose = frozenset[str] | None
_GROWING = (
    *(asset_entry.c.id, ticket.c.id, ticket_entry.c.id, request_entry.c.id),
    *(allocation_entry.c.id, opened_need.c.id, opened_need.c.closed_at, audit_entry.c.number),
)
_NEWEST = union_all(
    *(select(func.coalesce(func.max(column), 0)) for column in _GROWING), select(func.count(school.c.code))
)


class KeptNeeds:
    """For readers: who writes weighs anew, for what they have written is not there yet for others."""

    def __init__(self) -> None:
        self._kept: dict[_Whose, tuple[_Stamp, tuple[Need, ...]]] = {}
        self._lock = Lock()

    def all(self, connection: Connection, asked: Weighing) -> tuple[Need, ...]:
        whose, stamp = _whose(asked.groups), _stamp(connection, asked)
        with self._lock:
            known = self._kept.get(whose)
        if known is not None and known[0] == stamp:
            return known[1]
        found = NeedRows(connection).all(asked)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[whose] = (stamp, found)
        return found


def _whose(groups: Collection[str] | None) -> _Whose:
    return None if groups is None else frozenset(groups)


def _stamp(connection: Connection, asked: Weighing) -> _Stamp:
    """Another one whenever something was added to what needs are made from."""
    return (*connection.execute(_NEWEST).scalars(), asked.now // _MINUTE_MS)
