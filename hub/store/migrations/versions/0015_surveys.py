"""Keep surveys, what was filled in for a school and what it answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", _Id, nullable=False),
        sa.Column("type", sa.String(length=48), nullable=False, comment="id of its definition"),
        sa.Column("turn", sa.String(length=80), nullable=False, comment="which one, in the office's words"),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False, comment="ISO 8601"),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column("closed_at", sa.BigInteger(), comment="null: schools may answer"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
    )
    op.create_index("ix_survey_closed_at_due_on", "survey", ["closed_at", "due_on"])
    _sheets()


def _sheets() -> None:
    op.create_table(
        "survey_sheet",
        sa.Column("id", _Id, nullable=False),
        sa.Column("survey_id", _Id, nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="of the school, as it was called then"),
        sa.Column("known", sa.JSON(), nullable=False, comment="what stood on it when the school got it; never changed"),
        sa.Column("token", sa.String(length=64), nullable=False, comment="in the address that the school gets"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="hub.surveys.sheet.SheetState"),
        sa.Column("answers", sa.JSON(none_as_null=True)),
        sa.Column("answered_at", sa.BigInteger()),
        sa.Column(
            "answered_by", sa.String(length=300), nullable=False, comment="as the audit names them; empty: by the link"
        ),
        sa.Column("answered_name", sa.String(length=200), nullable=False, comment="as they wrote themselves"),
        sa.Column("note", sa.Text(), nullable=False, comment="of the office, when it asks back"),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("decided_by", sa.String(length=300), nullable=False),
        sa.Column("reminded_at", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_sheet_survey_id_survey"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_sheet"),
        sa.UniqueConstraint("token", name="uq_survey_sheet_token"),
        sa.UniqueConstraint("survey_id", "group", "school", name="uq_survey_sheet_survey_id_group_school"),
    )
    op.create_index("ix_survey_sheet_group_school", "survey_sheet", ["group", "school"])
