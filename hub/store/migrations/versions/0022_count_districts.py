"""Keep what is counted of each district, and find lessons lost by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district_count",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it was counted"),
        sa.Column("schools", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False, comment="with a receiver"),
        sa.Column("class_min", sa.Float(), nullable=False, comment="of all rooms together, today so far"),
        sa.Column("lost", sa.JSON(), nullable=False, comment="minutes of them by cause"),
        sa.Column("lost_month", sa.JSON(), nullable=False, comment="of the month so far, by cause"),
        sa.Column("ages", sa.JSON(), nullable=False, comment="open tickets by age, hub.core.overview.AGE_DAYS"),
        sa.Column("overdue", sa.Integer(), nullable=False, comment="requests over their limit"),
        sa.PrimaryKeyConstraint("group", name="pk_district_count"),
    )
    op.create_index("ix_room_day_lost_date", "room_day_lost", ["date"])
