"""Keep what detection concludes: its state by school, incidents, lesson time. Bodies of reports become JSON."""

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from wire.metrics import DataType, typed
from wire.payloads import decode

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 5000


def upgrade() -> None:
    _registered()
    _detection_state()
    _incident()
    _room_day()
    _ticket()
    _bodies(op.get_bind())


def _registered() -> None:
    for column in (
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("profile", sa.String(length=200), nullable=True),
        sa.Column("room", sa.String(length=200), nullable=True),
        sa.Column(
            "dish",
            sa.String(length=200),
            nullable=True,
            comment="receivers of a node with the same one hang on one dish",
        ),
    ):
        op.add_column("registered", column)
    _say(
        "epoch",
        "ours",
        sa.Boolean(),
        "made by the hub: for births and deaths, and for reports of a node that has no journal",
    )


def _say(table: str, column: str, kind: sa.types.TypeEngine[Any], comment: str) -> None:
    """SQLite keeps no comments: there a column would be changed by making its table anew, and others refer to it."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, existing_type=kind, existing_nullable=False, comment=comment)


def _detection_state() -> None:
    # What the old rules had folded means nothing to the new ones; epoch.judged stays, so that no old fault is told again.
    op.drop_table("judgement")
    op.create_table(
        "detection_state",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="a school's code; empty: the district's own"),
        sa.Column(
            "state", sa.JSON(), nullable=False, comment="what detection has folded the reports up to epoch.judged to"
        ),
        sa.PrimaryKeyConstraint("group", "name", name="pk_detection_state"),
    )


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", _ID, nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False, comment="detection's own name for it, for good"),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=True, comment="null while it lasts"),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="[[code, params]]"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("group", "key", name="uq_incident_group_key"),
    )
    op.create_index("ix_incident_start", "incident", ["start"])
    op.create_table(
        "incident_school",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=True, comment="null while it is seen there"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_school_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "school", name="pk_incident_school"),
    )


def _room_day() -> None:
    op.create_table(
        "room_day",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=200), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False, comment="ISO 8601, in the school's time zone"),
        sa.Column("used", sa.Float(), nullable=False, comment="minutes of class in which a lesson could be seen"),
        sa.PrimaryKeyConstraint("group", "school", "room", "date", name="pk_room_day"),
        comment="one day of one room",
    )
    op.create_table(
        "room_day_lost",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=200), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group", "school", "room", "date"],
            ["room_day.group", "room_day.school", "room_day.room", "room_day.date"],
            name="fk_room_day_lost_group",
        ),
        sa.PrimaryKeyConstraint("group", "school", "room", "date", "cause", name="pk_room_day_lost"),
        comment="minutes of class in which the lesson of a room could not be shown",
    )


def _ticket() -> None:
    op.drop_index("uq_ticket_one_open_per_fault", "ticket")
    op.add_column(
        "ticket",
        sa.Column(
            "dish",
            sa.String(length=200),
            server_default="",
            nullable=False,
            comment="where the fault is a dish's: its name",
        ),
    )
    op.add_column(
        "ticket",
        sa.Column(
            "alternatives",
            sa.JSON(),
            server_default="[]",
            nullable=False,
            comment="[[cause, share]], the likeliest first",
        ),
    )
    op.create_index(
        "uq_ticket_one_open_per_fault",
        "ticket",
        ["node_id", "device", "dish", "cause"],
        unique=True,
        sqlite_where=sa.text("open IS 1"),
        postgresql_where=sa.text("open IS true"),
    )
    _say(
        "ticket_entry",
        "kind",
        sa.String(length=32),
        "hub.tickets.ticket.EntryKind",
    )


def _bodies(connection: sa.Connection) -> None:
    rows = connection.execute(sa.text("SELECT id, datatype FROM metric"))
    datatypes = {row.id: DataType(row.datatype) for row in rows}
    report = sa.table("report", *(sa.column(name) for name in ("epoch_id", "offset", "body")))
    place = (report.c.epoch_id, report.c.offset)
    change = sa.update(report).where(place[0] == sa.bindparam("e"), place[1] == sa.bindparam("o"))
    change = change.values(body=sa.bindparam("new_body", type_=sa.LargeBinary()))
    epoch_id, offset = 0, 0
    while True:
        page = connection.execute(
            sa.select(report).where(sa.tuple_(*place) > (epoch_id, offset)).order_by(*place).limit(_AT_ONCE)
        ).all()
        if not page:
            return
        connection.execute(change, list(_rewritten(page, datatypes)))
        epoch_id, offset = page[-1].epoch_id, page[-1].offset


def _rewritten(
    page: Iterable[sa.Row[tuple[int, int, bytes]]], datatypes: dict[int, DataType]
) -> Iterable[dict[str, object]]:
    for row in page:
        body = []
        for each in decode(row.body).metrics:
            alias = each.alias or 0
            value = typed(each.value, datatypes[alias])
            body.append([alias, value] if each.timestamp is None else [alias, value, each.timestamp])
        yield {"e": row.epoch_id, "o": row.offset, "new_body": orjson.dumps(body)}
