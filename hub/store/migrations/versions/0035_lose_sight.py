"""Say of a node, not of each of its devices, that the hub has lost sight of it."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "node",
        sa.Column(
            "unseen_since",
            sa.BigInteger(),
            comment="since the hub lost sight of it: until its next birth its devices are stale",
        ),
    )
