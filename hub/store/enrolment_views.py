"""Enrolment as pages and commands read it. What brokers are told stands in admissions.py."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from hub.core.equipment import NodeKey
from hub.enrolment.views import AgentState, AgentView, BatchView, CodeView, TroubleView
from hub.store.enrolment import code_of
from hub.store.enrolment_tables import enrolment_batch, enrolment_code, enrolment_trouble, node_certificate
from hub.store.tables import node, school
from hub.store.unit_of_work import Store
from provisioning.core.contract import Hardware

Names = Mapping[tuple[str, str], str]
"""Of schools, by district and code."""
_FEW = 100
"""Schools that are asked for by their codes; of more, all of their districts are read."""
_CERTIFICATE = tuple(
    node_certificate.c[name] for name in ("issued_at", "expires_at", "issuer", "revoked_at", "revoked_why")
)
_TOLD = (node.c.online, node.c.heard_at, node.c.properties)


class EnrolmentViews:
    """Each answer is of one moment."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def agents(self, now: int, group: str | None = None) -> tuple[AgentView, ...]:
        """Every computer that was enrolled at any time, by name."""
        with self._store.reading() as connection:
            return _agents(connection, now, *_in_group(node_certificate.c.group, group))

    def agent(self, key: NodeKey, now: int) -> AgentView | None:
        is_it = (node_certificate.c.group == key.group, node_certificate.c.node == key.name)
        with self._store.reading() as connection:
            return next(iter(_agents(connection, now, *is_it)), None)

    def batches(self, now: int, group: str | None = None, limit: int = 50) -> tuple[BatchView, ...]:
        """The newest first."""
        newest = select(enrolment_batch).where(*_in_group(enrolment_batch.c.group, group))
        return self._batches(newest.order_by(enrolment_batch.c.id.desc()).limit(limit), now)

    def batch(self, number: int, now: int) -> BatchView | None:
        return next(iter(self._batches(select(enrolment_batch).where(enrolment_batch.c.id == number), now)), None)

    def waiting(self, group: str, now: int) -> frozenset[NodeKey]:
        """Computers for which a code can still be used."""
        row = enrolment_code.c
        usable = (row.group == group, row.used_at.is_(None), row.revoked_at.is_(None), row.expires_at > now)
        with self._store.reading() as connection:
            names = connection.execute(select(row.node).where(*usable)).scalars()
            return frozenset(NodeKey(group, name) for name in names)

    def troubles(self, since: int, group: str | None = None) -> tuple[TroubleView, ...]:
        """Those that came again since then, the newest first."""
        row = enrolment_trouble.c
        wanted = select(enrolment_trouble).where(row.last_at >= since, *_in_group(row.group, group))
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(row.last_at.desc(), row.id.desc())).all()
            names = _names(connection, rows)
            return tuple(_trouble(each, names) for each in rows)

    def _batches(self, wanted: Select[Any], now: int) -> tuple[BatchView, ...]:
        with self._store.reading() as connection:
            rows = connection.execute(wanted).all()
            codes = _codes(connection, [row.id for row in rows], now)
        return tuple(
            BatchView(row.id, row.group, row.made_at, row.who, row.note, tuple(codes.get(row.id, ()))) for row in rows
        )


def _agents(connection: Connection, now: int, *conditions: ColumnElement[bool]) -> tuple[AgentView, ...]:
    row = node_certificate.c
    each = (
        select(func.max(row.id).label("newest"), func.min(row.issued_at).label("enrolled_at"))
        .where(*conditions)
        .group_by(row.group, row.node)
        .subquery()
    )
    wanted = (
        select(row.group, row.node, *_CERTIFICATE, each.c.enrolled_at, *_TOLD)
        .join(each, each.c.newest == row.id)
        .outerjoin(node, (node.c.group == row.group) & (node.c.name == row.node))
        .order_by(row.group, row.node)
    )
    rows = connection.execute(wanted).all()
    names, hardware = _names(connection, rows), _hardware(connection)
    return tuple(_agent(found, names, hardware, now) for found in rows)


def _agent(row: Sequence[Any], names: Names, hardware: Mapping[NodeKey, Hardware | None], now: int) -> AgentView:
    group, name, issued, expires, issuer, revoked, why, enrolled, online, heard, properties = row
    state = AgentState.TRUSTED if now < expires else AgentState.EXPIRED
    key = NodeKey(group, name)
    return AgentView(
        node=key,
        school_name=names.get((group, key.school)),
        state=state if revoked is None else AgentState.REVOKED,
        enrolled_at=enrolled,
        renewed_at=issued,
        expires_at=expires,
        issuer=issuer,
        online=bool(online),
        heard_at=heard,
        hardware=hardware.get(key),
        revoked_at=revoked,
        revoked_why=why,
        version=(properties or {}).get("agent_version"),
    )


def _hardware(connection: Connection) -> dict[NodeKey, Hardware | None]:
    """What each computer said of itself when it joined last."""
    row = enrolment_code.c
    used = select(row.group, row.node, row.hardware).where(row.used_at.is_not(None)).order_by(row.used_at)
    return {NodeKey(group, name): _as_hardware(told) for group, name, told in connection.execute(used).all()}


def _codes(connection: Connection, batches: Iterable[int], now: int) -> dict[int, list[CodeView]]:
    row = enrolment_code.c
    wanted = select(enrolment_code).where(row.batch_id.in_(list(batches))).order_by(row.id)
    rows = connection.execute(wanted).all()
    names = _names(connection, rows)
    found: dict[int, list[CodeView]] = {}
    for each in rows:
        code = code_of(each)
        view = CodeView(
            code.node,
            names.get((code.node.group, code.node.school)),
            code.standing(now),
            each.made_at,
            each.expires_at,
            each.used_at,
            each.revoked_why,
        )
        found.setdefault(each.batch_id, []).append(view)
    return found


def _trouble(row: Row[Any], names: Names) -> TroubleView:
    key, hardware = NodeKey(row.group, row.node), _as_hardware(row.hardware)
    called = names.get((key.group, key.school))
    return TroubleView(row.what, key, called, row.address, hardware, row.first_at, row.last_at, row.times)


def _as_hardware(told: Any) -> Hardware | None:
    return Hardware(**told) if told else None


def _in_group(column: ColumnElement[str], group: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if group is None else (column == group,)


def _names(connection: Connection, rows: Iterable[Any]) -> Names:
    """Of the schools of computers. A join would compare each computer with each school of its district."""
    keys = {NodeKey(row.group, row.node) for row in rows}
    wanted = select(school.c.group, school.c.code, school.c.name).where(school.c.group.in_({key.group for key in keys}))
    if len(keys) < _FEW:
        wanted = wanted.where(school.c.code.in_({key.school for key in keys}))
    return {(group, code): name for group, code, name in connection.execute(wanted).all()} if keys else {}
