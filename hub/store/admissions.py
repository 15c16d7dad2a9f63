"""Which computers of schools are let in, and which certificates count no more: what brokers are told."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Revoked
from hub.store.enrolment_tables import node_certificate

_row = node_certificate.c


@dataclass(frozen=True, slots=True)
class Admissions:
    """nodes    with a certificate that was not revoked, also one that has ended: they may ask for the next
    revoked  those that would count otherwise, and whose they were
    """

    nodes: frozenset[NodeKey]
    revoked: tuple[tuple[Revoked, NodeKey], ...]


def admissions_mark(connection: Connection) -> tuple[int, int]:
    """Another one when `admissions` would be others: certificates are only added, and revoked once."""
    found = connection.execute(select(func.max(_row.id), func.count(_row.revoked_at))).one()
    return found[0] or 0, found[1]


def admissions(connection: Connection, now: int) -> Admissions:
    good = select(_row.group, _row.node).where(_row.revoked_at.is_(None)).distinct()
    bad = select(_row.serial, _row.issuer, _row.revoked_at, _row.group, _row.node)
    bad = bad.where(_row.revoked_at.is_not(None), _row.expires_at > now).order_by(_row.id)
    return Admissions(
        frozenset(NodeKey(group, node) for group, node in connection.execute(good)),
        tuple(
            (Revoked(serial, issuer, at), NodeKey(group, node))
            for serial, issuer, at, group, node in connection.execute(bad)
        ),
    )
