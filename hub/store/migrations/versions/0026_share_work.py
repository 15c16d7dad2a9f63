"""Several processes share a hub's work."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column(
            "name",
            sa.String(length=200),
            nullable=False,
            comment="a district, or a kind of work that one process does",
        ),
        sa.Column("holder", sa.String(length=64), comment="of it, a process; null: nobody"),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="by the database's clock"),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_index("ix_lease_holder", "lease", ["holder"])
    op.create_table(
        "hub_process",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="it lives, if it is not silent for longer"),
        sa.PrimaryKeyConstraint("id", name="pk_hub_process"),
        comment="the processes of a hub that share its work",
    )
