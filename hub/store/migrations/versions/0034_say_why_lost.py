"""Say why reports are lost."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lost", sa.Column("reason", sa.String(length=16), nullable=False, server_default="dropped"))
