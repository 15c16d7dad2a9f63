"""Keep the hours that reports come to."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hourly",
        sa.Column("device_id", _Id, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False, comment="hours since 1970 UTC"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="all metrics of the hour, see hourly_bodies.py"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_hourly_device_id"),
        sa.PrimaryKeyConstraint("device_id", "hour", name="pk_hourly"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hourly_done",
        sa.Column("epoch_id", _Id, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_hourly_done_epoch_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", name="pk_hourly_done"),
        comment="offsets that are in the hours, as ranges that neither touch nor overlap",
    )
    mark = op.create_table(
        "hourly_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "revision",
            sa.BigInteger(),
            nullable=False,
            comment="counts the writes: who has read before another is too late",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hourly_mark"),
        comment="one row",
    )
    op.bulk_insert(mark, [{"id": 1, "revision": 0}])
