"""Keep roll-outs: what was ordered, what happened, what computers told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rollouts()
    _events()
    _outcomes()


def _rollouts() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", _id(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="hub.rollouts.rollout.Kind"),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("nodes", sa.JSON(), nullable=False, comment="names of those that it is for"),
        sa.Column("settings", sa.JSON(), nullable=False, comment="hub.rollouts.settings.RolloutSettings, as they were"),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.String(length=300), nullable=False),
        sa.Column(
            "is_open", sa.Integer(), nullable=False, comment="1: neither done nor aborted; so that a tick finds them"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rollout"),
    )
    op.create_index("ix_rollout_is_open", "rollout", ["is_open"])
    op.create_index("ix_rollout_group_kind_id", "rollout", ["group", "kind", "id"])


def _events() -> None:
    op.create_table(
        "rollout_event",
        sa.Column("id", _id(), nullable=False, comment="in their order"),
        sa.Column("rollout_id", _id(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False, comment="hub.rollouts.events.What"),
        sa.Column("node", sa.String(length=200)),
        sa.Column("nodes", sa.JSON(), comment="of a wave"),
        sa.Column("reason", sa.String(length=16), comment="hub.rollouts.events.Reason"),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rollout_event"),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name="fk_rollout_event_rollout_id"),
    )
    op.create_index("ix_rollout_event_rollout_id_node", "rollout_event", ["rollout_id", "node"])


def _outcomes() -> None:
    op.create_table(
        "node_outcome",
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False, comment="hub.rollouts.events.Reason"),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("group", "node", "kind", name="pk_node_outcome"),
        comment="the last word of each computer about each kind of thing that it was given",
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
