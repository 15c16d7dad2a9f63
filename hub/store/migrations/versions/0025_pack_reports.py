"""Pack reports that are settled, and know from which hours reports may be gone."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0020"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report_chunk",
        sa.Column("epoch_id", _Id, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False, comment="its lowest offset"),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="its highest offset"),
        sa.Column("device_id", _Id, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="its oldest report's time"),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False, comment="its newest report's time"),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False, comment="values in all of them"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="see chunks.py"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_report_chunk_epoch_id"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_report_chunk_device_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", "until", name="pk_report_chunk"),
        comment="reports of a device and a journal that are near in time; they are no rows of report any more",
    )
    op.create_index("ix_report_chunk_device_id_until", "report_chunk", ["device_id", "until"])
    op.create_index("ix_report_chunk_epoch_id_last_first", "report_chunk", ["epoch_id", "last", "first"])
    op.add_column(
        "hourly_mark",
        sa.Column(
            "pruned_before",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="ms; of hours before it reports may be gone: what is told late is added to what they hold",
        ),
    )
