"""Know what the server of long history has."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exported",
        sa.Column("epoch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], name="fk_exported_epoch_id"),
        sa.PrimaryKeyConstraint("epoch_id", "first", name="pk_exported"),
        comment="offsets that the server of long history has, as ranges that neither touch nor overlap",
    )
