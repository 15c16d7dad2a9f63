"""Processes of a hub tell how it goes with their districts, what is wrong is told once; chunks are partitioned by days."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None
_DAY, _EARLY = 86_400_000, 20_454
_ASIDE = (
    "ALTER TABLE report_chunk RENAME TO report_chunk_was",
    "ALTER TABLE report_chunk_was RENAME CONSTRAINT pk_report_chunk TO pk_report_chunk_was",
    "ALTER INDEX ix_report_chunk_device_id_until RENAME TO ix_report_chunk_was_device_id_until",
    "ALTER INDEX ix_report_chunk_epoch_id_last_first RENAME TO ix_report_chunk_was_epoch_id_last_first",
)


def upgrade() -> None:
    op.add_column(
        "lease",
        sa.Column(
            "signs", sa.JSON(), comment="of a district: how it went with taking it in, as its holder saw it last"
        ),
    )
    op.create_table(
        "hub_trouble",
        sa.Column("name", sa.String(length=40), nullable=False, comment="hub.watching.troubles.Trouble"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_hub_trouble"),
        comment="what is wrong with the hub and was told to administrators",
    )
    if op.get_bind().dialect.name == "postgresql":
        _partition()


def _partition() -> None:
    """What is there is copied into the partitions of its days."""
    for statement in _ASIDE:
        op.execute(statement)
    op.create_table(
        "report_chunk",
        sa.Column("epoch_id", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False, comment="its lowest offset"),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="its highest offset"),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="its oldest report's time"),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="its newest report's time"),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False, comment="values in all of them"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="see chunks.py"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_report_chunk_epoch_id"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_report_chunk_device_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", "until", name="pk_report_chunk"),
        comment="reports of a device and a journal that are near in time; they are no rows of report any more",
        postgresql_partition_by="RANGE (until)",
    )
    op.create_index("ix_report_chunk_device_id_until", "report_chunk", ["device_id", "until"])
    op.create_index("ix_report_chunk_epoch_id_last_first", "report_chunk", ["epoch_id", "last", "first"])
    op.execute(
        f"CREATE TABLE report_chunk_early PARTITION OF report_chunk FOR VALUES FROM (MINVALUE) TO ({_EARLY * _DAY})"
    )
    found = op.get_bind().execute(sa.text(f"SELECT DISTINCT until / {_DAY} FROM report_chunk_was ORDER BY 1"))  # noqa: S608
    for day in [int(each) for each in found.scalars() if each >= _EARLY]:
        bounds = f"FROM ({day * _DAY}) TO ({(day + 1) * _DAY})"
        op.execute(f"CREATE TABLE report_chunk_d{day} PARTITION OF report_chunk FOR VALUES {bounds}")
    op.execute("INSERT INTO report_chunk SELECT * FROM report_chunk_was")
    op.execute("DROP TABLE report_chunk_was")
