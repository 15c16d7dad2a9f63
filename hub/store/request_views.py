"""Lists of requests for those who may see them, what a field may name, and the files that belong to requests."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select

from hub.core.assets import AssetState
from hub.core.people import Permission, Principal
from hub.store.asset_tables import asset
from hub.store.districts import within
from hub.store.people_tables import person
from hub.store.requests import RequestRows, newest_first, read_entry, read_request
from hub.store.sequences import arranged, paged
from hub.store.supply import StockRows
from hub.store.supply_tables import stock_item
from hub.store.tables import device, node, school
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request, request_entry, request_file
from hub.supply.places import ONE_OFFICE, Offices, PlaceKind, car_of, driver_of, kind_of
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Entry, Request, Values
from hub.workflows.schema import Kind
from hub.workflows.sight import Asked, may_see

_DAY_MS = 86_400_000
_LONGEST_NAME = 200
_MOST_LEFT = 20
"""Files of somebody that belong to no request."""
_OF_THE_OFFICE = (Permission.SEE_REQUESTS, Permission.KEEP_STOCK, Permission.PLAN)
"""With any of these, somebody is not of a school: they may name every school of their districts."""
_WITHIN: Mapping[Kind, tuple[ColumnElement[str], ColumnElement[str] | None]] = {
    Kind.SCHOOL: (school.c.group, school.c.code),
    Kind.DEVICE: (node.c.group, node.c.school),
    Kind.ASSET: (asset.c.group, None),
}
"""Where the district and the school of what a field names stand."""
_ORDER: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "due": (request.c.due_at.is_(None), request.c.due_at, request.c.id),
    "waiting": (request.c.entered_at, request.c.id),
    "type": (request.c.type, request.c.id.desc()),
    "school": (request.c.school.is_(None), request.c.group, request.c.school, request.c.id.desc()),
}
"""What else there is, is by age."""
_ONE = select(request).where(request.c.number == bindparam("number"))
_ENTRIES = select(request_entry).where(request_entry.c.request_id == bindparam("request")).order_by(request_entry.c.id)
_PEOPLE = select(person.c.id, person.c.name, person.c.groups).where(person.c.active).order_by(person.c.name)


@dataclass(frozen=True, slots=True)
class Around:
    """The port of hub.workflows.engine, on one transaction, for somebody."""

    connection: Connection
    who: Principal
    offices: Offices = ONE_OFFICE

    def knows(self, kind: Kind, value: str) -> bool:
        if kind is Kind.PLACE:
            return self._is_place(value)
        found = self.connection.execute(_named(kind, value).where(*_within(kind, self.who))).first()
        return found is not None and (kind is not Kind.PERSON or _is_colleague(self.who, found.groups))

    def _is_place(self, value: str) -> bool:
        """An office, the car of somebody of one, or a school."""
        kind = kind_of(value)
        if kind is PlaceKind.CAR:
            return self.knows(Kind.PERSON, driver_of(value))
        if kind is PlaceKind.OFFICE:
            return self.offices.meant(value, self.who.groups) in self.offices.of_some(self.who.groups)
        return kind is PlaceKind.SCHOOL and self.knows(Kind.SCHOOL, value)

    def file(self, number: int) -> str | None:
        """Their own that is not part of a request yet, or one of a request that they may see."""
        found = _file(self.connection, number, self.who)
        return None if found is None else str(found.name)

    def others(self, request_type: str, but: int) -> tuple[Values, ...]:
        return RequestRows(self.connection).others(request_type, but)


class RequestLook:
    """Reads for the pages."""

    def __init__(self, store: Store, offices: Offices = ONE_OFFICE) -> None:
        self._store, self._offices = store, offices

    def some(self, who: Principal, asked: Asked, now: int, limit: int) -> tuple[Request, ...]:
        """In the order that is asked for."""
        found = select(request).where(*visible_requests(who), *_wanted(who, asked, now))
        if (order := _ORDER.get(asked.order)) is not None:
            found = arranged(found, order, asked.skip, limit)
        else:
            found = paged(found, request.c.id, asked.before, limit, oldest=asked.order == "oldest")
        with self._store.reading() as connection:
            return tuple(map(read_request, connection.execute(found).all()))

    def count(self, who: Principal, asked: Asked, now: int) -> int:
        conditions = [*visible_requests(who), *_wanted(who, asked, now)]
        with self._store.reading() as connection:
            counted = connection.execute(select(func.count()).select_from(request).where(*conditions))
            return int(counted.scalar_one())

    def one(self, number: str) -> tuple[Request, tuple[Entry, ...]] | None:
        """With its history."""
        with self._store.reading() as connection:
            row = connection.execute(_ONE, {"number": number}).first()
            if row is None:
                return None
            entries = connection.execute(_ENTRIES, {"request": row.id}).all()
            return read_request(row), tuple(map(read_entry, entries))

    def children(self, number: str) -> tuple[Request, ...]:
        """What came from it."""
        with self._store.reading() as connection:
            return newest_first(connection, [request.c.parent == number], 50)

    def people(self, who: Principal | None = None) -> Mapping[str, str]:
        """Of the office, as a field holds them, with their names. who: only those whom they may name."""
        with self._store.reading() as connection:
            found = connection.execute(_PEOPLE).all()
        return {f"person:{number}": name for number, name, of in found if who is None or _is_colleague(who, of)}

    def schools(self, who: Principal) -> Mapping[str, str]:
        """Those that somebody may name, with their names."""
        rows = select(school.c.group, school.c.code, school.c.name).where(*within(school.c.group, who.groups))
        if not who.may(Permission.SEE_REQUESTS):
            rows = rows.where(school.c.code == (who.school or ""))
        with self._store.reading() as connection:
            found = connection.execute(rows.order_by(school.c.name)).all()
        return {f"{group}/{code}": name for group, code, name in found}

    def items(self) -> Mapping[str, str]:
        """Of the stock by their codes, with name and unit."""
        with self._store.reading() as connection:
            return {each.code: f"{each.name} ({each.unit})" for each in StockRows(connection).items()}

    def places(self, who: Principal) -> Mapping[str, str]:
        """Where stock may lie, with the names of people and schools; those of offices are for the edge to say."""
        cars = {car_of(person): name for person, name in self.people(who).items()}
        return {**dict.fromkeys(self._offices.of_some(who.groups), ""), **cars, **self.schools(who)}

    def school_names(self) -> Mapping[str, str]:
        """Of all schools, as a field holds them."""
        rows = select(school.c.group, school.c.code, school.c.name)
        with self._store.reading() as connection:
            return {f"{group}/{code}": name for group, code, name in connection.execute(rows).all()}

    def file(self, number: int, who: Principal) -> tuple[str, bytes] | None:
        with self._store.reading() as connection:
            found = _file(connection, number, who)
        return None if found is None else (found.name, found.data)


def keep_file(store: Store, who: Principal, name: str, data: bytes, now: int) -> int:
    """Until it becomes part of a request; what never does is dropped after a day. Its number. Raises Refused."""
    row = {"who": who.label, "name": name[:_LONGEST_NAME], "digest": hashlib.sha256(data).hexdigest(), "data": data}
    left = (request_file.c.request_id.is_(None)) & (request_file.c.at < now - _DAY_MS)
    with store.begin() as work:
        work.connection.execute(delete(request_file).where(left))
        theirs = (request_file.c.request_id.is_(None)) & (request_file.c.who == who.label)
        counted = select(func.count()).select_from(request_file).where(theirs)
        if work.connection.execute(counted).scalar_one() >= _MOST_LEFT:
            raise Refused(Refusal.FIELDS, [Fault("many_files")])
        kept = insert(request_file).values(**row, at=now).returning(request_file.c.id)
        return int(work.connection.execute(kept).scalar_one())


def _is_colleague(who: Principal, groups: Collection[str] | None) -> bool:
    """Of one of the same districts, or of all."""
    return who.groups is None or groups is None or bool(who.groups & set(groups))


def visible_requests(who: Principal) -> Iterator[ColumnElement[bool]]:
    """What sight.may_see says of one request, of all."""
    own, groups = request.c.opened_by == who.label, request.c.group
    if who.groups is not None:
        yield or_(own, groups.is_(None), groups.in_(who.groups))
    if not who.may(Permission.SEE_REQUESTS):
        yield or_(own, request.c.school == who.school) if who.school else own


def _wanted(who: Principal, asked: Asked, now: int) -> Iterator[ColumnElement[bool]]:
    if asked.type is not None:
        yield request.c.type == asked.type
    if asked.state is not None:
        yield request.c.state == asked.state
    if asked.is_open is not None:
        yield request.c.is_open == asked.is_open
    if asked.mine:
        yield request.c.opened_by == who.label
    if asked.overdue:
        yield request.c.due_at <= now


def _file(connection: Connection, number: int, who: Principal) -> Any | None:
    found = connection.execute(select(request_file).where(request_file.c.id == number)).first()
    if found is None or found.request_id is None:
        return found if found is not None and found.who == who.label else None
    of = connection.execute(select(request).where(request.c.id == found.request_id)).one()
    return found if may_see(who, read_request(of)) else None


def _within(kind: Kind, who: Principal) -> Iterator[ColumnElement[bool]]:
    """Nobody names what is of a district or of a school that is not theirs."""
    group, of_school = _WITHIN.get(kind, (None, None))
    if group is not None and who.groups is not None:
        yield group.in_(who.groups)
    if of_school is not None and not any(map(who.may, _OF_THE_OFFICE)):
        yield of_school == (who.school or "")


def _named(kind: Kind, value: str) -> Any:
    """A query that finds what a field names."""
    group, _, rest = value.partition("/")
    if kind is Kind.SCHOOL:
        return select(school.c.code).where(school.c.group == group, school.c.code == rest)
    if kind is Kind.ITEM:
        return select(stock_item.c.id).where(stock_item.c.code == value, stock_item.c.active)
    if kind is Kind.ASSET:
        return select(asset.c.id).where(asset.c.number == value, asset.c.state != AssetState.WRITTEN_OFF.value)
    if kind is Kind.DEVICE:
        name, _, key = rest.partition("/")
        on = select(device.c.id).join(node, node.c.id == device.c.node_id)
        return on.where(node.c.group == group, node.c.name == name, device.c.key == key)
    number = value.removeprefix("person:")
    known = int(number) if value.startswith("person:") and number.isdecimal() and len(number) < 19 else 0
    return select(person.c.id, person.c.groups).where(person.c.id == known, person.c.active)
