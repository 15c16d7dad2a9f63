"""Let a repair be a request with its ticket, its reports and its trip."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
