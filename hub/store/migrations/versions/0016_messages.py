"""Keep what is to be told to people and to other programs until it is told."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _what_is_told()
    _how_people_are_told()
    _deliveries()
    _events()
    _webhooks()
    _help_desks()


def _what_is_told() -> None:
    op.create_table(
        "message",
        sa.Column("id", _Id, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False, comment="request.moved, incident.begun, …"),
        sa.Column(
            "params",
            sa.JSON(),
            nullable=False,
            comment="plain values; {language: text} is chosen by the receiver's language",
        ),
        sa.Column("whom", sa.JSON(), nullable=False, comment="roles, or persons as the audit names them"),
        sa.Column("group", sa.String(length=200)),
        sa.Column("school", sa.String(length=200)),
        sa.Column("key", sa.String(length=200), comment="the same news is kept once"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("spread_at", sa.BigInteger(), comment="null: waits to be spread to the ways of people"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
        comment="what is to be told to people",
    )
    op.create_index("ix_message_spread_at", "message", ["spread_at"])


def _how_people_are_told() -> None:
    op.create_table(
        "message_choice",
        sa.Column(
            "owner", sa.String(length=300), nullable=False, comment="a role, or a person as the audit names them"
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False, comment="{kind: when}: hub.messages.choices"),
        sa.Column("quiet_from", sa.Integer(), comment="minute of the day; null: never quiet"),
        sa.Column("quiet_to", sa.Integer()),
        sa.Column("digest_at", sa.Integer(), nullable=False, comment="minute of the day"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_message_choice"),
        comment="when somebody wants to be told of what",
    )
    op.create_table(
        "message_way",
        sa.Column("id", _Id, nullable=False),
        sa.Column(
            "owner", sa.String(length=300), nullable=False, comment="a role, or a person as the audit names them"
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False, comment="scheme of the address"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="the address, which is a secret"),
        sa.Column("kinds", sa.JSON(none_as_null=True), comment="what is told by it; null: all"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("worked_at", sa.BigInteger(), comment="when something was taken last"),
        sa.Column("trouble", sa.String(length=48), comment="why the last one was not"),
        sa.Column("stopped_at", sa.BigInteger(), comment="taken away; what was told by it stays known"),
        sa.PrimaryKeyConstraint("id", name="pk_message_way"),
        comment="a way by which somebody is told",
    )
    op.create_index("ix_message_way_owner", "message_way", ["owner"])


def _deliveries() -> None:
    op.create_table(
        "message_delivery",
        sa.Column("id", _Id, nullable=False),
        sa.Column("message_id", _Id, nullable=False),
        sa.Column("way_id", _Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="hub.messages.deliveries.State"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False, comment="gathered with others into one letter"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=36), comment="claimed as part of this letter"),
        sa.Column("claimed_at", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("trouble", sa.String(length=48)),
        sa.PrimaryKeyConstraint("id", name="pk_message_delivery"),
        sa.UniqueConstraint("message_id", "way_id", name="uq_message_delivery_message_id_way_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_message_delivery_message_id"),
        sa.ForeignKeyConstraint(["way_id"], ["message_way.id"], name="fk_message_delivery_way_id"),
    )
    op.create_index("ix_message_delivery_state_due_at", "message_delivery", ["state", "due_at"])
    op.create_index("ix_message_delivery_way_id_state", "message_delivery", ["way_id", "state"])


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", _Id, nullable=False, comment="in their order: the cursor of the API"),
        sa.Column("key", sa.String(length=200), nullable=False, comment="the same event is kept once"),
        sa.Column("type", sa.String(length=48), nullable=False, comment="ticket.opened, request.moved, …"),
        sa.Column("subject", sa.String(length=300), nullable=False, comment="ticket:12, request:RP-2570-0001"),
        sa.Column("group", sa.String(length=200)),
        sa.Column("school", sa.String(length=200)),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("key", name="uq_event_key"),
        sqlite_autoincrement=True,
        comment="what happened, for other programs",
    )
    op.create_index("ix_event_subject", "event", ["subject"])
    op.create_table(
        "event_cursor",
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="id of the last row that was read"),
        sa.PrimaryKeyConstraint("source", name="pk_event_cursor"),
        comment="how far the histories have been made into events and messages",
    )


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", _Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False, comment="what may be shown of its address"),
        sa.Column("sealed_url", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False, comment="of events"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False, comment="only events with a higher id"),
        sa.Column("removed_at", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", _Id, nullable=False),
        sa.Column("webhook_id", _Id, nullable=False),
        sa.Column("event_id", _Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="hub.messages.deliveries.State"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("status", sa.Integer(), comment="HTTP status of the last answer"),
        sa.Column("trouble", sa.String(length=48)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.UniqueConstraint("webhook_id", "event_id", name="uq_webhook_delivery_webhook_id_event_id"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_webhook_delivery_webhook_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_webhook_delivery_event_id"),
    )
    op.create_index("ix_webhook_delivery_state_due_at", "webhook_delivery", ["state", "due_at"])


def _help_desks() -> None:
    op.create_table(
        "desk_case",
        sa.Column("id", _Id, nullable=False),
        sa.Column(
            "desk",
            sa.String(length=100),
            nullable=False,
            comment="name of a help desk: of the settings, or of an API token",
        ),
        sa.Column("subject", sa.String(length=300), nullable=False, comment="as in event"),
        sa.Column("reference", sa.String(length=200), comment="what the help desk calls it; null: being made there"),
        sa.Column("url", sa.String(length=500)),
        sa.Column("state", sa.String(length=48), comment="as the help desk calls it"),
        sa.Column("done", sa.Boolean(), nullable=False, comment="nothing more happens there"),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False, comment="id of the last event that was told there"),
        sa.Column("telling", sa.BigInteger(), nullable=False, comment="id of the event that is being told there"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=48)),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_case"),
        sa.UniqueConstraint("desk", "subject", name="uq_desk_case_desk_subject"),
        comment="a ticket or request as a help desk has it",
    )
    op.create_index("ix_desk_case_desk_due_at", "desk_case", ["desk", "due_at"])
