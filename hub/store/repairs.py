"""Repairs in the database: which ticket, device and asset each has, and which tickets have none yet."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from hub.core.equipment import DeviceKey, NodeKey
from hub.repairs.repair import HANDED_OVER, Repair, Spot
from hub.store.repair_tables import repair
from hub.store.tables import node, school, ticket
from hub.store.workflow_tables import request

_AT_ONCE = 50
_WORKED_ON_FIRST = (request.c.state == HANDED_OVER,)
_IS_HEARD = select(node.c.online).where(node.c.group == bindparam("group"), node.c.name == bindparam("node"))


class RepairRows:
    """On one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, number: str) -> Repair | None:
        return self._one(repair.c.number == number)

    def of_ticket(self, ticket_id: int) -> Repair | None:
        return self._one(repair.c.ticket_id == ticket_id)

    def by_token(self, token: str) -> Repair | None:
        return self._one(repair.c.token == token)

    def open_at(self, spot: Spot, at_school: str) -> Repair | None:
        """The open one of a device, for the school that it stands in; one that readings tell of comes first.

        Not one that another school asked for, whatever device it names.
        """
        order = (*_WORKED_ON_FIRST, repair.c.ticket_id.is_(None), repair.c.number)
        theirs = (request.c.group == spot.device.node.group, request.c.school == at_school)
        found = self._of_open(*_is_at(spot), *theirs).order_by(*order).limit(1)
        row = self._connection.execute(found).first()
        return None if row is None else _read(row)

    def open_of_asset(self, asset_id: int) -> Repair | None:
        found = self._of_open(repair.c.asset_id == asset_id).order_by(*_WORKED_ON_FIRST, repair.c.number).limit(1)
        row = self._connection.execute(found).first()
        return None if row is None else _read(row)

    def add(self, new: Repair) -> None:
        self._connection.execute(insert(repair).values(number=new.number, **_columns(new)))

    def change(self, then: Repair) -> None:
        self._connection.execute(update(repair).where(repair.c.number == then.number).values(**_columns(then)))

    def tickets_without(self, but: Collection[int] = ()) -> tuple[int, ...]:
        """Some open tickets that have no repair, the oldest first. but: not these"""
        rows = select(ticket.c.id).outerjoin(repair, repair.c.ticket_id == ticket.c.id)
        without = (
            rows.where(ticket.c.open, repair.c.number.is_(None), ticket.c.id.not_in(but))
            .order_by(ticket.c.id)
            .limit(_AT_ONCE)
        )
        return tuple(self._connection.execute(without).scalars())

    def is_heard(self, key: NodeKey) -> bool:
        """Whether an agent is there and says something."""
        return bool(self._connection.execute(_IS_HEARD, {"group": key.group, "node": key.name}).scalar())

    def heard_at(self, spot: Spot) -> int | None:
        """When its agent was last heard of."""
        key = spot.device.node
        heard = select(node.c.heard_at).where(node.c.group == key.group, node.c.name == key.name)
        return self._connection.execute(heard).scalar()

    def school_name(self, group: str, code: str) -> str | None:
        named = select(school.c.name).where(school.c.group == group, school.c.code == code)
        return self._connection.execute(named).scalar()

    def _of_open(self, *conditions: Any) -> Any:
        return select(repair).join(request, request.c.number == repair.c.number).where(request.c.is_open, *conditions)

    def _one(self, condition: Any) -> Repair | None:
        row = self._connection.execute(select(repair).where(condition)).first()
        return None if row is None else _read(row)


def _is_at(spot: Spot) -> tuple[Any, ...]:
    key = spot.device
    node = (repair.c.group == key.node.group, repair.c.node == key.node.name)
    return (*node, repair.c.device == key.device, repair.c.dish == spot.dish)


def _columns(values: Repair) -> dict[str, Any]:
    key = values.spot.device if values.spot else None
    return {
        "ticket_id": values.ticket,
        "token": values.token,
        "group": key.node.group if key else None,
        "node": key.node.name if key else None,
        "device": key.device if key else None,
        "dish": values.spot.dish if values.spot else "",
        "asset_id": values.asset,
        "reports": values.reports,
        "standing": values.standing,
        "checked_at": values.checked_at,
        "verdict": values.verdict,
        "rating_asked_at": values.rating_asked_at,
        "need_wished_at": values.need_wished_at,
    }


def _read(row: Any) -> Repair:
    spot = None if row.group is None else Spot(DeviceKey(NodeKey(row.group, row.node), row.device), row.dish)
    return Repair(
        number=row.number,
        token=row.token,
        ticket=row.ticket_id,
        spot=spot,
        asset=row.asset_id,
        reports=row.reports,
        standing=row.standing,
        checked_at=row.checked_at,
        verdict=row.verdict,
        rating_asked_at=row.rating_asked_at,
        need_wished_at=row.need_wished_at,
    )
