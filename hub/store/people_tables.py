"""Tables of the people: who they are, how they come in, and the record of what was done.

The triggers that keep the record from being changed stand in migration 0006.
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

person = Table(
    "person",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("roles", JSON, nullable=False, comment="hub.core.people.Role"),
    Column("school", String(200), comment="code of the own school"),
    Column("groups", JSON(none_as_null=True), comment="the districts that they are limited to; null: all"),
    Column("active", Boolean, nullable=False),
    Column("password", String(300), comment="Argon2; null: none"),
    Column("issuer", String(300), comment="of the OpenID provider that knows them"),
    Column("subject", String(300)),
    Column("created_at", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger),
    UniqueConstraint("issuer", "subject"),
)

session = Table(
    "session",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True, comment="SHA-256 of what is in the cookie"),
    Column("person_id", ForeignKey("person.id"), index=True, comment="null: shows the hub as the role in `demo`"),
    Column("demo", String(32)),
    Column("opened_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False, index=True),
    Column("ended_at", BigInteger),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("purpose", String(32), nullable=False),
    Column("person_id", ForeignKey("person.id"), index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, comment="or made void"),
    comment="one-time links",
)

token = Table(
    "token",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("scopes", JSON, nullable=False, comment="hub.core.people.Permission"),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    comment="API tokens",
)

failure = Table(
    "failure",
    metadata,
    Column("key", String(80), primary_key=True, comment="an account's or an address's"),
    Column("count", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    comment="wrong passwords in a row",
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("who", String(300), nullable=False),
    Column("what", String(100), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("details", Text, nullable=False, comment="canonical JSON, as it was hashed"),
    Column("hash", String(64), nullable=False, comment="over the hash before and all of this"),
    Index(None, "what", "number"),
    Index(None, "subject", "number"),
    comment="what changed trust: rows are added, never changed",
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("head_number", BigInteger, nullable=False, comment="the last entry"),
    Column("head_hash", String(64), nullable=False),
    Column("kept_after_number", BigInteger, nullable=False, comment="the last entry that was dropped as too old"),
    Column("kept_after_hash", String(64), nullable=False),
    comment="one row: where the chain ends, and where what is kept of it begins; whoever adds an entry holds it",
)
