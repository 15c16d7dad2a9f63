"""Keep surveys, what was filled in for a school and what it answered."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
