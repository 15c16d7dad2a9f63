"""Keep the register of assets: what each is, its parts, its moves, and every change."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
