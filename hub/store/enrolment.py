"""Codes and certificates in the database, within one transaction (the port Records of hub.enrolment)."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select, update

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment.certificate import Issued
from hub.enrolment.codes import Code
from hub.enrolment.nodes import Known
from hub.enrolment.records import Details, Held, Trouble
from hub.store.audit import AuditRows
from hub.store.enrolment_tables import enrolment_batch, enrolment_code, enrolment_trouble, node_certificate
from hub.store.tables import school
from provisioning.core.contract import Hardware

_WHY = 200


class EnrolmentRows:
    """On the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._audit = AuditRows(connection)

    def known(self, group: str) -> Known:
        certificate, code = node_certificate.c, enrolment_code.c
        is_open = (code.used_at.is_(None)) & (code.revoked_at.is_(None))
        ours, others = self._names(certificate.group == group), self._names(certificate.group != group)
        active = self._names((certificate.group == group) & certificate.revoked_at.is_(None))
        waiting = frozenset(self._connection.execute(select(code.node).where(code.group == group, is_open)).scalars())
        promised = self._connection.execute(select(code.node).where(code.group != group, is_open)).scalars()
        schools = self._connection.execute(select(school.c.code).where(school.c.group == group)).scalars()
        return Known(frozenset(schools), active, ours | waiting, others | frozenset(promised))

    def add_batch(self, group: str, who: str, note: str, now: int) -> int:
        values = {"group": group, "made_at": now, "who": who[:300], "note": note[:_WHY]}
        statement = insert(enrolment_batch).values(values).returning(enrolment_batch.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def add_code(self, batch: int, node: NodeKey, hashed: str, now: int, expires_at: int) -> None:
        values = {"batch_id": batch, **_named(node), "hash": hashed, "made_at": now, "expires_at": expires_at}
        self._connection.execute(insert(enrolment_code).values(values))

    def take_back(self, node: NodeKey, why: str, now: int) -> int:
        open_ones = (*_of(enrolment_code, node), enrolment_code.c.used_at.is_(None))
        return self._revoke(enrolment_code, open_ones, why, now)

    def code(self, hashed: str) -> Code | None:
        row = self._connection.execute(select(enrolment_code).where(enrolment_code.c.hash == hashed)).first()
        return None if row is None else code_of(row)

    def use_code(self, code: Code, issued: Issued, hardware: Hardware, now: int) -> bool:
        row = enrolment_code.c
        statement = update(enrolment_code).where(row.id == code.id, row.used_at.is_(None), row.revoked_at.is_(None))
        values = {"used_at": now, "key": issued.key, "serial": issued.serial, "hardware": asdict(hardware)}
        return bool(self._connection.execute(statement.values(values)).rowcount)

    def newest(self, node: NodeKey) -> Held | None:
        return self._held(*_of(node_certificate, node))

    def held(self, serial: str) -> Held | None:
        return self._held(node_certificate.c.serial == serial)

    def keep(self, node: NodeKey, issued: Issued, now: int) -> None:
        values = {**_named(node), **asdict(issued), "issued_at": now}
        self._connection.execute(insert(node_certificate).values(values))

    def hardware(self, node: NodeKey) -> Hardware | None:
        row = enrolment_code.c
        last = select(row.hardware).where(*_of(enrolment_code, node), row.used_at.is_not(None))
        told = self._connection.execute(last.order_by(row.used_at.desc()).limit(1)).scalar()
        return Hardware(**told) if told else None

    def revoke(self, node: NodeKey, why: str, now: int) -> int:
        return self._revoke(node_certificate, _of(node_certificate, node), why, now)

    def note(self, trouble: Trouble, now: int) -> bool:
        row = enrolment_trouble.c
        is_it = (*_of(enrolment_trouble, trouble.node), row.what == trouble.what, row.key == trouble.key)
        again = update(enrolment_trouble).where(*is_it)
        seen = {"last_at": now, "times": row.times + 1, "address": trouble.address}
        if self._connection.execute(again.values(seen)).rowcount:
            return False
        hardware = None if trouble.hardware is None else asdict(trouble.hardware)
        values = {"what": trouble.what, **_named(trouble.node), "key": trouble.key, "address": trouble.address[:64]}
        values |= {"hardware": hardware, "first_at": now, "last_at": now, "times": 1}
        self._connection.execute(insert(enrolment_trouble).values(values))
        return True

    def settle(self, node: NodeKey) -> None:
        self._connection.execute(delete(enrolment_trouble).where(*_of(enrolment_trouble, node)))

    def write(self, who: Principal | str, what: str, subject: str, details: Details, at: int) -> None:
        self._audit.write(who, what, subject, details, at)

    def _names(self, condition: ColumnElement[bool]) -> frozenset[str]:
        return frozenset(self._connection.execute(select(node_certificate.c.node).where(condition)).scalars())

    def _held(self, *conditions: ColumnElement[bool]) -> Held | None:
        newest = select(node_certificate).where(*conditions).order_by(node_certificate.c.id.desc()).limit(1)
        row = self._connection.execute(newest).first()
        return None if row is None else Held(_issued(row), row.revoked_at)

    def _revoke(self, table: Table, conditions: Iterable[ColumnElement[bool]], why: str, now: int) -> int:
        statement = update(table).where(*conditions, table.c.revoked_at.is_(None))
        return self._connection.execute(statement.values(revoked_at=now, revoked_why=why[:_WHY])).rowcount


def code_of(row: Row[Any]) -> Code:
    node = NodeKey(row.group, row.node)
    return Code(row.id, node, row.expires_at, row.used_at, row.key, row.serial, row.revoked_at)


def _issued(row: Row[Any]) -> Issued:
    return Issued(row.serial, row.key, row.issuer, row.pem, row.begins_at, row.expires_at)


def _named(node: NodeKey) -> dict[str, Any]:
    return {"group": node.group, "node": node.name}


def _of(table: Table, node: NodeKey) -> tuple[ColumnElement[bool], ...]:
    return table.c.group == node.group, table.c.node == node.name
