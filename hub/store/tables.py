"""Every table, in the order of the story: who reports, what they said, what was concluded, what is done about it.

Times are ms since 1970 UTC. Rows of `report` hold the metrics of one report as JSON, with row ids of `metric` for their names
(bodies.py, ADR 0006).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite gives a primary key its row id only for INTEGER; PostgreSQL gets its bigint.
_Id = BigInteger().with_variant(Integer, "sqlite")

# --- who reports

school = Table(
    "school",
    metadata,
    Column("group", String(32), primary_key=True),
    Column("code", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("pupils", Integer),
    comment="the register of schools, as far as an inventory names them",
)

node = Table(
    "node",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("group", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("school", String(200), nullable=False),
    Column("online", Boolean, nullable=False, server_default=false()),
    Column("status_since", BigInteger, comment="when it came online or went offline, by the hub's own clock"),
    Column("heard_at", BigInteger, comment="newest event time of anything it said"),
    Column("properties", JSON, nullable=False, comment="Properties/* of its last birth, without the prefix"),
    Column(
        "unseen_since", BigInteger, comment="since the hub lost sight of it: until its next birth its devices are stale"
    ),
    UniqueConstraint("group", "name"),
)

device = Table(
    "device",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node_id", ForeignKey("node.id"), nullable=False),
    Column("key", String(200), nullable=False, comment="empty: the node's own computer"),
    Column("kind", String(32), nullable=False),
    Column("profile", String(200)),
    Column("room", String(200)),
    Column("properties", JSON, nullable=False),
    Column("stale", Boolean, nullable=False, server_default=false(), comment="its node or itself has died"),
    Column(
        "stale_since", BigInteger, comment="by the hub's clock where the node died, by the DDEATH where the device did"
    ),
    Column("latest", JSON, nullable=False, comment="{metric: [value, t]}: the newest value of each metric"),
    UniqueConstraint("node_id", "key"),
)

registered = Table(
    "registered",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("node", String(200), primary_key=True),
    Column("device", String(200), primary_key=True),
    Column("kind", String(32)),
    Column("profile", String(200)),
    Column("room", String(200)),
    Column("dish", String(200), comment="receivers of a node with the same one hang on one dish"),
    Column("adopted_at", BigInteger, comment="by the hub's clock; null: the register names it"),
    comment="the equipment that is known to belong; without a row for its group, nobody is asked to register",
)

metric = Table(
    "metric",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(300), nullable=False),
    Column("datatype", Integer, nullable=False, comment="wire.metrics.DataType"),
    UniqueConstraint("name", "datatype"),
)

# --- what they said

epoch = Table(
    "epoch",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node_id", ForeignKey("node.id"), nullable=False),
    Column("uuid", String(64), nullable=False),
    Column(
        "ours",
        Boolean,
        nullable=False,
        comment="made by the hub: for births and deaths, and for reports of a node that has no journal",
    ),
    Column("newest", BigInteger, nullable=False, comment="the highest offset that a birth or a report named"),
    Column("judged", BigInteger, nullable=False, comment="detection has seen all reports up to here"),
    Column("first_seen", BigInteger, nullable=False),
    UniqueConstraint("node_id", "uuid"),
)

committed = Table(
    "committed",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    comment="offsets in the database, as ranges that neither touch nor overlap",
)

lost = Table(
    "lost",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("noticed_at", BigInteger, nullable=False),
    Column("reason", String(16), nullable=False, server_default="dropped"),
    comment="offsets that the agent lost before the hub had them",
)

report = Table(
    "report",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("device_id", ForeignKey("device.id"), nullable=False),
    Column("t", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "device_id", "t"),
    sqlite_with_rowid=False,
)

# --- what was concluded

detection_state = Table(
    "detection_state",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("name", String(200), primary_key=True, comment="a school's code; empty: the district's own"),
    Column("state", JSON, nullable=False, comment="what detection has folded the reports up to epoch.judged to"),
)

incident = Table(
    "incident",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("group", String(200), nullable=False),
    Column("key", String(200), nullable=False, comment="detection's own name for it, for good"),
    Column("cause", String(64), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, comment="null while it lasts"),
    Column("evidence", JSON, nullable=False, comment="[[code, params]]"),
    UniqueConstraint("group", "key"),
    Index(None, "start"),
)

incident_school = Table(
    "incident_school",
    metadata,
    Column("incident_id", ForeignKey("incident.id"), primary_key=True),
    Column("school", String(200), primary_key=True),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, comment="null while it is seen there"),
)

notice = Table(
    "notice",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("group", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("what", String(16), primary_key=True, comment="begun or ended"),
    Column("cause", String(64), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False, comment="event time from which on it may be told"),
    Column("state", String(16), nullable=False, comment="waiting, sent or dropped"),
    Index(None, "state", "due_at"),
    comment="what of an incident is told to whom, once; outlives the incident",
)

room_day = Table(
    "room_day",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("school", String(200), primary_key=True),
    Column("room", String(200), primary_key=True),
    Column("date", String(10), primary_key=True, comment="ISO 8601, in the school's time zone"),
    Column("used", Float, nullable=False, comment="minutes of class in which a lesson could be seen"),
    Index(None, "date", "group", "school", "room", "used"),
    comment="one day of one room",
)

room_day_lost = Table(
    "room_day_lost",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("school", String(200), primary_key=True),
    Column("room", String(200), primary_key=True),
    Column("date", String(10), primary_key=True),
    Column("cause", String(64), primary_key=True),
    Column("minutes", Float, nullable=False),
    ForeignKeyConstraint(
        ["group", "school", "room", "date"], ["room_day.group", "room_day.school", "room_day.room", "room_day.date"]
    ),
    Index(None, "date"),
    comment="minutes of class in which the lesson of a room could not be shown",
)

# --- what is done about it

ticket = Table(
    "ticket",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node_id", ForeignKey("node.id"), nullable=False),
    Column("device", String(200), nullable=False, comment="device key; empty: the node's own computer"),
    Column("dish", String(200), nullable=False, server_default="", comment="where the fault is a dish's: its name"),
    Column("cause", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("onset_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("recovered_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("signs", JSON, nullable=False, comment="the signs that stand now"),
    Column("alternatives", JSON, nullable=False, server_default="[]", comment="[[cause, share]], the likeliest first"),
    Column("version", Integer, nullable=False, comment="counts the changes; a change must name the one it read"),
    Column("snoozed_until", BigInteger, comment="out of the daily list until then, by the hub's clock"),
    Column("merged_into", BigInteger, index=True, comment="number of the ticket that goes on for this one"),
    Column("earlier", BigInteger, comment="number of the ticket that the fault had before"),
    Index(None, "open", "opened_at"),
    Index(None, "node_id", "device", "dish"),
)
Index(
    "uq_ticket_one_open_per_fault",
    ticket.c.node_id,
    ticket.c.device,
    ticket.c.dish,
    ticket.c.cause,
    unique=True,
    sqlite_where=ticket.c.open.is_(True),
    postgresql_where=ticket.c.open.is_(True),
)

ticket_entry = Table(
    "ticket_entry",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False, index=True),
    Column("t", BigInteger, nullable=False, comment="event time for evidence, the hub's clock for what people did"),
    Column("kind", String(32), nullable=False, comment="hub.tickets.ticket.EntryKind"),
    Column("code", String(100), nullable=False),
    Column("params", JSON, nullable=False),
    comment="the history of a ticket: rows are added, never changed",
)

told = Table(
    "told",
    metadata,
    Column("node_id", ForeignKey("node.id"), primary_key=True),
    Column("device", String(200), primary_key=True),
    Column("dish", String(200), primary_key=True),
    Column("what", String(80), primary_key=True, comment="opened, cleared, or was with the former cause"),
    Column("cause", String(64), primary_key=True),
    Column("sign", String(200), primary_key=True),
    Column("t", BigInteger, primary_key=True, autoincrement=False),
    comment="findings that were put into tickets, so that none is put there twice",
)
