"""Know forms that were sent twice, and keep photos of requests."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("who", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="chosen by the browser, the same however often it sends a form",
        ),
        sa.Column(
            "led_to", sa.String(length=64), nullable=False, comment="number of the request, or token of the report"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("who", "key", name="pk_submission"),
        comment="forms that were carried out, each in the transaction of what it asked for",
    )
    op.create_index("ix_submission_at", "submission", ["at"])
    op.create_table(
        "request_photo",
        sa.Column("id", _Id, nullable=False),
        sa.Column("request_id", _Id, nullable=False),
        sa.Column("entry_id", _Id, nullable=False, comment="of the history: with what it was sent"),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of data"),
        sa.Column("type", sa.String(length=16), nullable=False, comment="image/jpeg, image/png, image/webp"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False, comment="as a list shows it; empty: data itself is small"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_photo_request_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["request_entry.id"], name="fk_request_photo_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_request_photo"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_request_photo_request_id", "request_photo", ["request_id"])
