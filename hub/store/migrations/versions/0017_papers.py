"""Give every paper its running number once."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_number",
        sa.Column("series", sa.String(length=40), nullable=False, comment="the form: F10"),
        sa.Column(
            "subject", sa.String(length=300), nullable=False, comment="what the paper is of: request:PR-2570-0001"
        ),
        sa.Column("year", sa.Integer(), nullable=False, comment="fiscal, of the Buddhist era"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "who", sa.String(length=300), nullable=False, comment="who printed it first, as the audit names them"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", "subject", name="pk_paper_number"),
        sa.UniqueConstraint("series", "year", "number", name="uq_paper_number_series_year_number"),
    )
