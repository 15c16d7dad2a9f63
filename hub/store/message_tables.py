"""Tables of what is told: to people by their ways, to programs by webhooks, and to help desks.

A secret (a person's way, a webhook's address and key) is sealed with a key that lies beside the database, not in it.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

# --- people

message = Table(
    "message",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("code", String(80), nullable=False, comment="request.moved, incident.begun, …"),
    Column(
        "params", JSON, nullable=False, comment="plain values; {language: text} is chosen by the receiver's language"
    ),
    Column("whom", JSON, nullable=False, comment="roles, or persons as the audit names them"),
    Column("group", String(200)),
    Column("school", String(200)),
    Column("key", String(200), unique=True, comment="the same news is kept once"),
    Column("at", BigInteger, nullable=False),
    Column("spread_at", BigInteger, index=True, comment="null: waits to be spread to the ways of people"),
    comment="what is to be told to people",
)

message_choice = Table(
    "message_choice",
    metadata,
    Column("owner", String(300), primary_key=True, comment="a role, or a person as the audit names them"),
    Column("language", String(8), nullable=False),
    Column("times", JSON, nullable=False, comment="{kind: when}: hub.messages.choices"),
    Column("quiet_from", Integer, comment="minute of the day; null: never quiet"),
    Column("quiet_to", Integer),
    Column("digest_at", Integer, nullable=False, comment="minute of the day"),
    Column("version", Integer, nullable=False),
    comment="when somebody wants to be told of what",
)

message_way = Table(
    "message_way",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("owner", String(300), nullable=False, index=True, comment="a role, or a person as the audit names them"),
    Column("name", String(100), nullable=False),
    Column("service", String(32), nullable=False, comment="scheme of the address"),
    Column("sealed", Text, nullable=False, comment="the address, which is a secret"),
    Column("kinds", JSON(none_as_null=True), comment="what is told by it; null: all"),
    Column("made_at", BigInteger, nullable=False),
    Column("worked_at", BigInteger, comment="when something was taken last"),
    Column("trouble", String(48), comment="why the last one was not"),
    Column("stopped_at", BigInteger, comment="taken away; what was told by it stays known"),
    comment="a way by which somebody is told",
)

message_delivery = Table(
    "message_delivery",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("way_id", ForeignKey("message_way.id"), nullable=False),
    Column("state", String(16), nullable=False, comment="hub.messages.deliveries.State"),
    Column("due_at", BigInteger, nullable=False),
    Column("digest", Boolean, nullable=False, comment="gathered with others into one letter"),
    Column("tries", Integer, nullable=False),
    Column("letter", String(36), comment="claimed as part of this letter"),
    Column("claimed_at", BigInteger),
    Column("settled_at", BigInteger),
    Column("trouble", String(48)),
    UniqueConstraint("message_id", "way_id"),
    Index(None, "state", "due_at"),
    Index(None, "way_id", "state"),
)

# --- programs

event = Table(
    "event",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order: the cursor of the API"),
    Column("key", String(200), nullable=False, unique=True, comment="the same event is kept once"),
    Column("type", String(48), nullable=False, comment="ticket.opened, request.moved, …"),
    Column("subject", String(300), nullable=False, index=True, comment="ticket:12, request:RP-2570-0001"),
    Column("group", String(200)),
    Column("school", String(200)),
    Column("at", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    # A cursor that somebody holds must not come to name something else after the oldest were dropped.
    sqlite_autoincrement=True,
    comment="what happened, for other programs",
)

event_cursor = Table(
    "event_cursor",
    metadata,
    Column("source", String(48), primary_key=True),
    Column("last", BigInteger, nullable=False, comment="id of the last row that was read"),
    comment="how far the histories have been made into events and messages",
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("host", String(300), nullable=False, comment="what may be shown of its address"),
    Column("sealed_url", Text, nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("types", JSON, nullable=False, comment="of events"),
    Column("active", Boolean, nullable=False),
    Column("made_by", String(300), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False, comment="only events with a higher id"),
    Column("removed_at", BigInteger),
    Column("version", Integer, nullable=False),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("event_id", ForeignKey("event.id"), nullable=False),
    Column("state", String(16), nullable=False, comment="hub.messages.deliveries.State"),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_at", BigInteger),
    Column("settled_at", BigInteger),
    Column("status", Integer, comment="HTTP status of the last answer"),
    Column("trouble", String(48)),
    UniqueConstraint("webhook_id", "event_id"),
    Index(None, "state", "due_at"),
)

desk_case = Table(
    "desk_case",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("desk", String(100), nullable=False, comment="name of a help desk: of the settings, or of an API token"),
    Column("subject", String(300), nullable=False, comment="as in event"),
    Column("reference", String(200), comment="what the help desk calls it; null: being made there"),
    Column("url", String(500)),
    Column("state", String(48), comment="as the help desk calls it"),
    Column("done", Boolean, nullable=False, comment="nothing more happens there"),
    Column("solution", Text, nullable=False),
    Column("told", BigInteger, nullable=False, comment="id of the last event that was told there"),
    Column("telling", BigInteger, nullable=False, comment="id of the event that is being told there"),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("trouble", String(48)),
    Column("made_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("desk", "subject"),
    Index(None, "desk", "due_at"),
    comment="a ticket or request as a help desk has it",
)
