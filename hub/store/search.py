"""What somebody looks for by a few words: schools, tickets, requests and assets that they may see.

Numbers, codes and serial numbers are found by any part of them; names as hub.core.spelling compares them.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from hub.assets.asking import Wanted
from hub.core.assets import Asset
from hub.core.equipment import NodeKey
from hub.core.people import Permission, Principal
from hub.core.spelling import alike
from hub.core.views import SchoolHit, TicketFilter, TicketLine
from hub.store.asset_views import AssetLook
from hub.store.request_views import visible_requests
from hub.store.requests import newest_first
from hub.store.spelled import held, spelled
from hub.store.tables import node, school, ticket
from hub.store.ticket_views import found_tickets
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request
from hub.workflows.request import Request

_OF_THE_SCHOOL = and_(node.c.group == school.c.group, node.c.school == school.c.code)
_NOT_AT_ALL = 9


class StoreSearch:
    """Each answer holds at most `limit`; nothing where whoever asks may see none of the kind."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def schools(self, who: Principal, words: str, limit: int) -> tuple[SchoolHit, ...]:
        """The likest first: by code, then by name."""
        with self._store.reading() as connection:
            named = select(school.c.name, school.c.group, school.c.code).where(*_schools_of(who))
            rows, like = connection.execute(named).all(), alike(words)
            ranked = ((_rank(like(code), like(name)), name, group, code) for name, group, code in rows)
            known = sorted(each for each in ranked if each[0] < _NOT_AT_ALL)
            keys = [(group, code) for _, _, group, code in known][:limit]
            found = {(hit.group, hit.code): hit for hit in _hits(connection, keys)} if keys else {}
            return tuple(found[key] for key in keys)

    def tickets(self, who: Principal, words: str, causes: Collection[str], limit: int) -> tuple[TicketLine, ...]:
        """The newest first. `causes`: those whose names hold the words, in any language that is spoken."""
        if not who.may(Permission.SEE_FLEET):
            return ()
        with self._store.reading() as connection:
            wanted = TicketFilter(words=words, causes=tuple(causes), groups=who.groups)
            return found_tickets(connection, wanted, None, limit)

    def requests(self, who: Principal, words: str, limit: int) -> tuple[Request, ...]:
        """By number or school, the newest first."""
        with self._store.reading() as connection:
            named = select(school.c.code).where(spelled(connection, school.c.name, words))
            told = or_(held(words, request.c.number, request.c.school), request.c.school.in_(named))
            return newest_first(connection, [*visible_requests(who), told], limit)

    def assets(self, who: Principal, words: str, limit: int) -> tuple[tuple[Asset, str], ...]:
        """With the names of their schools; those that are written off as well: somebody holds one in their hands."""
        if not who.may(Permission.SEE_ASSETS):
            return ()
        with self._store.reading() as connection:
            return AssetLook(connection, who.groups).some(Wanted(search=words, state="all"), limit)


def _schools_of(who: Principal) -> Iterator[ColumnElement[bool]]:
    if who.groups is not None:
        yield school.c.group.in_(sorted(who.groups))
    if not who.may(Permission.SEE_FLEET):
        yield school.c.code == (who.school if who.may(Permission.SEE_OWN_SCHOOL) else None)


def _rank(*found: int | None) -> int:
    return min(_NOT_AT_ALL if each is None else each for each in found)


def _hits(connection: Connection, keys: Collection[tuple[str, str]]) -> Iterator[SchoolHit]:
    there = school.outerjoin(node, _OF_THE_SCHOOL).outerjoin(ticket, and_(ticket.c.node_id == node.c.id, ticket.c.open))
    rows = (
        select(school.c.group, school.c.code, school.c.name, func.min(node.c.name), func.count(ticket.c.id.distinct()))
        .select_from(there)
        .where(tuple_(school.c.group, school.c.code).in_(keys))
        .group_by(school.c.group, school.c.code, school.c.name)
    )
    for group, code, name, first, tickets in connection.execute(rows):
        yield SchoolHit(group, code, name, None if first is None else NodeKey(group, first), tickets)
