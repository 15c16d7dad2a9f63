"""Keep what is to be told to people and to other programs until it is told."""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
