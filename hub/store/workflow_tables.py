"""Tables of the office's requests: where each stands, its history, what is due, who is to be told, and files that were sent.

The triggers that keep a history from being changed stand in migration 0010.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

request = Table(
    "request",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("number", String(40), nullable=False, unique=True, comment="PC-2570-0001"),
    Column("type", String(48), nullable=False, comment="id of its definition"),
    Column("state", String(48), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("group", String(200)),
    Column("school", String(200), index=True),
    Column("opened_by", String(300), nullable=False, index=True, comment="as the audit names them"),
    Column("opened_name", String(200), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("entered_at", BigInteger, nullable=False, comment="when it came into its state"),
    Column("due_at", BigInteger, comment="when its first limit runs out"),
    Column("values", JSON, nullable=False, comment="what its fields hold now"),
    Column("spent", JSON, nullable=False, comment="working ms that a state had used when it went into waiting"),
    Column("worked", BigInteger, nullable=False, comment="working ms until entered_at, without waiting"),
    Column("reminded", JSON, nullable=False, comment="keys of timers that were told"),
    Column("parent", String(40), comment="number of the request that it came from"),
    Column("version", Integer, nullable=False),
    Index(None, "is_open", "due_at"),
    Index(None, "type", "state"),
)

request_entry = Table(
    "request_entry",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order"),
    Column("request_id", ForeignKey("request.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("told", String(16), nullable=False, comment="hub.workflows.request.Told"),
    Column("who", String(300), nullable=False),
    Column("name", String(200), nullable=False),
    Column("transition", String(48)),
    Column("origin", String(48)),
    Column("target", String(48)),
    Column("values", JSON, nullable=False, comment="what was given with it"),
    Column("note", Text, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("corrects", BigInteger, comment="the entry that it puts right"),
    Column("scope", String(48), comment="of a limit: the state; empty: the whole"),
    comment="the history: rows are added, never changed nor dropped",
)

request_timer = Table(
    "request_timer",
    metadata,
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("turn", String(16), primary_key=True, comment="hub.workflows.request.Turn"),
    Column("scope", String(48), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
)

request_counter = Table(
    "request_counter",
    metadata,
    Column("series", String(48), primary_key=True),
    Column("year", Integer, primary_key=True, comment="of the Buddhist era"),
    Column("last", Integer, nullable=False),
    comment="running numbers; whoever takes one holds its row",
)

request_notice = Table(
    "request_notice",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("entry_id", ForeignKey("request_entry.id"), nullable=False, index=True),
    Column("code", String(48), nullable=False),
    Column("whom", JSON, nullable=False, comment="roles, or persons as the audit names them"),
    Column("told_at", BigInteger, index=True, comment="null: waits to be told"),
)

request_file = Table(
    "request_file",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("request_id", ForeignKey("request.id"), index=True, comment="null: sent, and not part of one yet"),
    Column("who", String(300), nullable=False),
    Column("name", String(200), nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256"),
    Column("data", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    # A page that was left open names a file by its number: a new one must not take the number of one that was dropped.
    sqlite_autoincrement=True,
)
