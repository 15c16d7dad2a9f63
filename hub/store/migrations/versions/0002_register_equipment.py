"""Know which equipment is registered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registered",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column(
            "adopted_at", sa.BigInteger(), nullable=True, comment="by the hub's clock; null: the register names it"
        ),
        sa.PrimaryKeyConstraint("group", "node", "device", name="pk_registered"),
        comment="the equipment that is known to belong; without a row for its group, nobody is asked to register",
    )
