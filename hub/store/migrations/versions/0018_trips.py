"""Join repairs of schools near each other into trips."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "trip",
        sa.Column("id", _Id, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False, comment="ISO 8601"),
        sa.Column("who", sa.String(length=300), nullable=False, comment="who drives, as the audit names them"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="hub.trips.trip.TripState"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trip"),
    )
    op.create_index("ix_trip_day", "trip", ["day"])
    op.create_index("ix_trip_who_day", "trip", ["who", "day"])
    op.create_table(
        "trip_job",
        sa.Column("trip_id", _Id, nullable=False),
        sa.Column("request", sa.String(length=40), nullable=False, comment="number of the repair"),
        sa.Column("position", sa.Integer(), nullable=False, comment="on the way"),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name="fk_trip_job_trip_id"),
        sa.PrimaryKeyConstraint("trip_id", "request", name="pk_trip_job"),
    )
    op.create_index("ix_trip_job_request", "trip_job", ["request"])
