"""Let a repair be a request with its ticket, its reports and its trip."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "repair",
        sa.Column("number", sa.String(length=40), nullable=False, comment="of its request"),
        sa.Column("ticket_id", _Id, nullable=True, comment="null: no readings tell of it"),
        sa.Column(
            "token",
            sa.String(length=64),
            nullable=False,
            comment="of the page for whoever reported it: /r/<token>",
        ),
        sa.Column("group", sa.String(length=200), nullable=True),
        sa.Column("node", sa.String(length=200), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=True, comment="empty: the agent's own computer, or a dish"),
        sa.Column(
            "dish",
            sa.String(length=200),
            server_default="",
            nullable=False,
            comment="where the fault is a dish's: its name",
        ),
        sa.Column("asset_id", sa.BigInteger(), nullable=True, comment="of the register of assets"),
        sa.Column("reports", sa.Integer(), nullable=False, comment="how often people have reported it"),
        sa.Column(
            "standing",
            sa.String(length=32),
            nullable=True,
            comment="who pays by the register, when the cause was known",
        ),
        sa.Column(
            "checked_at",
            sa.BigInteger(),
            nullable=True,
            comment="when the readings were last asked whether it is mended",
        ),
        sa.Column(
            "verdict",
            sa.String(length=16),
            nullable=True,
            comment="what they said: hub.repairs.verifying.Verdict",
        ),
        sa.Column("rating_asked_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "need_wished_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was given up, and a replacement proposed",
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_repair_ticket_id"),
        sa.PrimaryKeyConstraint("number", name="pk_repair"),
        sa.UniqueConstraint("ticket_id", name="uq_repair_ticket_id"),
        sa.UniqueConstraint("token", name="uq_repair_token"),
        comment="what a repair has besides its request",
    )
    op.create_index("ix_repair_group_node_device", "repair", ["group", "node", "device"])
