"""Put tickets off, merge them, link them to earlier ones, and remember which findings were told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column(
            "snoozed_until",
            sa.BigInteger(),
            nullable=True,
            comment="out of the daily list until then, by the hub's clock",
        ),
        sa.Column(
            "merged_into", sa.BigInteger(), nullable=True, comment="number of the ticket that goes on for this one"
        ),
        sa.Column("earlier", sa.BigInteger(), nullable=True, comment="number of the ticket that the fault had before"),
    ):
        op.add_column("ticket", column)
    op.create_index("ix_ticket_merged_into", "ticket", ["merged_into"])
    op.create_index("ix_ticket_node_id_device_dish", "ticket", ["node_id", "device", "dish"])
    op.create_table(
        "told",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("dish", sa.String(length=200), nullable=False),
        sa.Column(
            "what", sa.String(length=80), nullable=False, comment="opened, cleared, or was with the former cause"
        ),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("sign", sa.String(length=200), nullable=False),
        sa.Column("t", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name="fk_told_node_id"),
        sa.PrimaryKeyConstraint("node_id", "device", "dish", "what", "cause", "sign", "t", name="pk_told"),
        comment="findings that were put into tickets, so that none is put there twice",
    )
