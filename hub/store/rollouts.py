"""Roll-outs in the database, within one transaction: orders and events, which tell how far each is; and what computers told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from firmware_profiles.loader import set_version
from hub.core.equipment import NodeKey
from hub.rollouts.deciding import Fact
from hub.rollouts.events import Event, Reason, What
from hub.rollouts.rollout import Kind, Order, Rollout
from hub.rollouts.settings import RolloutSettings
from hub.rollouts.told import Told
from hub.store.enrolment_tables import node_certificate
from hub.store.rollout_tables import node_outcome, rollout, rollout_event
from hub.store.tables import node

_LOOK_BACK = 50
_WHY = 500
_told = node_outcome.c
_TOLD = (
    select(_told.kind, _told.version, _told.result, _told.why, _told.at)
    .where(_told.group == bindparam("group"), _told.node == bindparam("node"))
    .order_by(_told.kind)
)


class RolloutRows:
    """On the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, order: Order) -> int:
        """Its number; that of the order is not looked at."""
        values = {
            "kind": order.kind.value,
            "version": order.version,
            "group": order.group,
            "nodes": list(order.nodes),
            "settings": order.settings.model_dump(mode="json"),
            "started_at": order.started_at,
            "started_by": order.started_by,
            "is_open": 1,
        }
        return int(self._connection.execute(insert(rollout).values(values).returning(rollout.c.id)).scalar_one())

    def keep(self, found: Rollout, events: Sequence[Event]) -> None:
        """What happened in it, which it has taken in already."""
        number = found.order.number
        if events:
            self._connection.execute(insert(rollout_event), [_event_row(number, each) for each in events])
        closed = update(rollout).where(rollout.c.id == number).values(is_open=int(found.state.is_open))
        self._connection.execute(closed)

    def open(self) -> list[Rollout]:
        return self._found(rollout.c.is_open == 1)

    def newest(self, limit: int = _LOOK_BACK) -> list[Rollout]:
        """The newest first."""
        return self._found(limit=limit)

    def one(self, number: int) -> Rollout | None:
        return next(iter(self._found(rollout.c.id == number)), None)

    def events(self, number: int) -> list[Event]:
        return self._events(number)

    def concerning(self, key: NodeKey, kind: Kind) -> list[Rollout]:
        """The newest first; only of this computer they tell how far it is."""
        return self._found(rollout.c.group == key.group, rollout.c.kind == kind.value, of=key.name, limit=_LOOK_BACK)

    def remember(self, key: NodeKey, told: Told) -> None:
        row = node_outcome.c
        same = (row.group == key.group, row.node == key.name, row.kind == told.kind.value)
        self._connection.execute(delete(node_outcome).where(*same))
        values = {
            "group": key.group,
            "node": key.name,
            "kind": told.kind.value,
            "version": told.version,
            "result": told.reason.value,
            "why": told.why[:_WHY],
            "at": told.at,
        }
        self._connection.execute(insert(node_outcome).values(values))

    def told(self, key: NodeKey) -> list[Told]:
        found = self._connection.execute(_TOLD, {"group": key.group, "node": key.name}).all()
        return [Told(Kind(kind), version, Reason(reason), why, at) for kind, version, reason, why, at in found]

    def eligible(self, group: str) -> tuple[str, ...]:
        """Computers that were let in, and may fetch what they are told to."""
        row = node_certificate.c
        names = select(row.node).where(row.group == group, row.revoked_at.is_(None)).distinct().order_by(row.node)
        return tuple(self._connection.execute(names).scalars())

    def facts(self, group: str) -> Mapping[str, Fact]:
        row = node.c
        found = self._connection.execute(
            select(row.name, row.online, row.status_since, row.properties).where(row.group == group)
        )
        return {name: Fact(online, since or 0, _versions(properties)) for name, online, since, properties in found}

    def _found(self, *conditions: ColumnElement[bool], of: str | None = None, limit: int = _LOOK_BACK) -> list[Rollout]:
        wanted = select(rollout).where(*conditions).order_by(rollout.c.id.desc()).limit(limit)
        rows = self._connection.execute(wanted).all()
        return [Rollout.of(_order(row), self._events(row.id, of)) for row in rows]

    def _events(self, number: int, of: str | None = None) -> list[Event]:
        row = rollout_event.c
        wanted = select(rollout_event).where(row.rollout_id == number).order_by(row.id)
        if of is not None:
            wanted = wanted.where(or_(row.node == of, row.node.is_(None)))
        return [_event(each) for each in self._connection.execute(wanted)]


def _versions(properties: Mapping[str, Any]) -> Mapping[Kind, str]:
    release, profiles = properties.get("agent_version"), set_version(str(properties.get("profiles_version") or ""))
    versions = {Kind.RELEASE: release, Kind.PROFILES: profiles}
    return {kind: version for kind, version in versions.items() if isinstance(version, str)}


def _order(row: Any) -> Order:
    return Order(
        number=row.id,
        kind=Kind(row.kind),
        version=row.version,
        group=row.group,
        nodes=tuple(row.nodes),
        started_at=row.started_at,
        started_by=row.started_by,
        settings=RolloutSettings.model_validate(row.settings),
    )


def _event(row: Any) -> Event:
    reason = Reason(row.reason) if row.reason else None
    return Event(What(row.what), row.at, row.node, tuple(row.nodes or ()), reason, row.why, row.who)


def _event_row(number: int, event: Event) -> dict[str, Any]:
    return {
        "rollout_id": number,
        "at": event.at,
        "what": event.what.value,
        "node": event.node,
        "nodes": list(event.nodes) or None,
        "reason": event.reason.value if event.reason else None,
        "why": event.why[:_WHY],
        "who": event.who,
    }
