"""Remember who is to be told of which incident, and who was."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False, comment="begun or ended"),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="event time from which on it may be told"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, sent or dropped"),
        sa.PrimaryKeyConstraint("address", "group", "key", "what", name="pk_notice"),
        comment="what of an incident is told to whom, once; outlives the incident",
    )
    op.create_index("ix_notice_state_due_at", "notice", ["state", "due_at"])
