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
        _text("token", 64, "of the page for whoever reported it: /r/<token>", nullable=False),
        _text("group", 200),
        _text("node", 200),
        _text("device", 200, "empty: the agent's own computer, or a dish"),
        _text("dish", 200, "where the fault is a dish's: its name", nullable=False, server_default=""),
        sa.Column("asset_id", sa.BigInteger(), nullable=True, comment="of the register of assets"),
        sa.Column("reports", sa.Integer(), nullable=False, comment="how often people have reported it"),
        _text("standing", 32, "who pays by the register, when the cause was known"),
        _moment("checked_at", "when the readings were last asked whether it is mended"),
        _text("verdict", 16, "what they said: hub.repairs.verifying.Verdict"),
        _moment("rating_asked_at"),
        _moment("need_wished_at", "when it was given up, and a replacement proposed"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_repair_ticket_id"),
        sa.PrimaryKeyConstraint("number", name="pk_repair"),
        sa.UniqueConstraint("ticket_id", name="uq_repair_ticket_id"),
        sa.UniqueConstraint("token", name="uq_repair_token"),
        comment="what a repair has besides its request",
    )
    op.create_index("ix_repair_group_node_device", "repair", ["group", "node", "device"])


def _text(
    name: str, most: int, comment: str | None = None, *, nullable: bool = True, server_default: str | None = None
) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=most), nullable=nullable, server_default=server_default, comment=comment)


def _moment(name: str, comment: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=True, comment=comment)
