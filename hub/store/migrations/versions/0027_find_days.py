"""Find the days of rooms by their date."""

from alembic import op

revision = "0027"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    found_by = ["date", "group", "school", "room", "used"]
    op.create_index("ix_room_day_date_group_school_room_used", "room_day", found_by)
