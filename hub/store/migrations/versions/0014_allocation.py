"""Keep price lists, needs, and the lines of a round of allocation."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
