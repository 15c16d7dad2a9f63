"""Keep stock by place, what moves it, loans, and specifications with their offers."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
