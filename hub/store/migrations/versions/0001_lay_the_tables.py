"""Lay the tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite gives a primary key its row id only for INTEGER.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _school()
    _node()
    _device()
    _metric()
    _epoch()
    _committed()
    _lost()
    _report()
    _judgement()
    _ticket()
    _ticket_entry()


def _school() -> None:
    op.create_table(
        "school",
        sa.Column("group", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("group", "code", name="pk_school"),
        comment="the register of schools, as far as an inventory names them",
    )


def _node() -> None:
    op.create_table(
        "node",
        sa.Column("id", _ID, nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("online", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "status_since",
            sa.BigInteger(),
            nullable=True,
            comment="when it came online or went offline, by the hub's own clock",
        ),
        sa.Column("heard_at", sa.BigInteger(), nullable=True, comment="newest event time of anything it said"),
        sa.Column(
            "properties", sa.JSON(), nullable=False, comment="Properties/* of its last birth, without the prefix"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_node"),
        sa.UniqueConstraint("group", "name", name="uq_node_group_name"),
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("id", _ID, nullable=False),
        sa.Column("node_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False, comment="empty: the node's own computer"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("profile", sa.String(length=200), nullable=True),
        sa.Column("room", sa.String(length=200), nullable=True),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column(
            "stale", sa.Boolean(), server_default=sa.false(), nullable=False, comment="its node or itself has died"
        ),
        sa.Column(
            "stale_since",
            sa.BigInteger(),
            nullable=True,
            comment="by the hub's clock where the node died, by the DDEATH where the device did",
        ),
        sa.Column("latest", sa.JSON(), nullable=False, comment="{metric: [value, t]}: the newest value of each metric"),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name="fk_device_node_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("node_id", "key", name="uq_device_node_id_key"),
    )


def _metric() -> None:
    op.create_table(
        "metric",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("datatype", sa.Integer(), nullable=False, comment="wire.metrics.DataType"),
        sa.PrimaryKeyConstraint("id", name="pk_metric"),
        sa.UniqueConstraint("name", "datatype", name="uq_metric_name_datatype"),
    )


def _epoch() -> None:
    op.create_table(
        "epoch",
        sa.Column("id", _ID, nullable=False),
        sa.Column("node_id", _ID, nullable=False),
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False, comment="made by the hub for a node that has no journal"),
        sa.Column(
            "newest", sa.BigInteger(), nullable=False, comment="the highest offset that a birth or a report named"
        ),
        sa.Column("judged", sa.BigInteger(), nullable=False, comment="detection has seen all reports up to here"),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name="fk_epoch_node_id"),
        sa.PrimaryKeyConstraint("id", name="pk_epoch"),
        sa.UniqueConstraint("node_id", "uuid", name="uq_epoch_node_id_uuid"),
    )


def _committed() -> None:
    op.create_table(
        "committed",
        sa.Column("epoch_id", _ID, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_committed_epoch_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", name="pk_committed"),
        comment="offsets in the database, as ranges that neither touch nor overlap",
    )


def _lost() -> None:
    op.create_table(
        "lost",
        sa.Column("epoch_id", _ID, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_lost_epoch_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", name="pk_lost"),
        comment="offsets that the agent had to drop before the hub had them",
    )


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("epoch_id", _ID, nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("t", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_report_device_id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_report_epoch_id"),
        sa.PrimaryKeyConstraint("epoch_id", "offset", name="pk_report"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_device_id_t", "report", ["device_id", "t"])


def _judgement() -> None:
    op.create_table(
        "judgement",
        sa.Column("node_id", _ID, nullable=False),
        sa.Column(
            "state", sa.JSON(), nullable=False, comment="detection's folded view of the node, as of epoch.judged"
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name="fk_judgement_node_id"),
        sa.PrimaryKeyConstraint("node_id", name="pk_judgement"),
    )


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", _ID, nullable=False),
        sa.Column("node_id", _ID, nullable=False),
        sa.Column(
            "device", sa.String(length=200), nullable=False, comment="device key; empty: the node's own computer"
        ),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("onset_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("recovered_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("signs", sa.JSON(), nullable=False, comment="the signs that stand now"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts the changes; a change must name the one it read"
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name="fk_ticket_node_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
    )
    op.create_index("ix_ticket_open_opened_at", "ticket", ["open", "opened_at"])
    op.create_index(
        "uq_ticket_one_open_per_fault",
        "ticket",
        ["node_id", "device", "cause"],
        unique=True,
        sqlite_where=sa.text("open IS 1"),
        postgresql_where=sa.text("open IS true"),
    )


def _ticket_entry() -> None:
    op.create_table(
        "ticket_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column(
            "t", sa.BigInteger(), nullable=False, comment="event time for evidence, the hub's clock for what people did"
        ),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="opened, evidence, recovered, recurred, moved"),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_entry_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_entry"),
        comment="the history of a ticket: rows are added, never changed",
    )
    op.create_index("ix_ticket_entry_ticket_id", "ticket_entry", ["ticket_id"])
