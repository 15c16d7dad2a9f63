"""Tables of enrolment: codes that were made, certificates that were issued, and who wanted to be somebody else."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

enrolment_batch = Table(
    "enrolment_batch",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("group", String(200), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("who", String(300), nullable=False, comment="as the audit names them"),
    Column("note", String(200), nullable=False),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("batch_id", ForeignKey("enrolment_batch.id"), nullable=False, index=True),
    Column("group", String(200), nullable=False),
    Column("node", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True, comment="the code itself is kept nowhere"),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("key", String(64), comment="SHA-256 of the public key that it was used for"),
    Column("serial", String(64), comment="of the certificate that it gave"),
    Column("hardware", JSON(none_as_null=True), comment="what the computer said that it is"),
    Column("revoked_at", BigInteger),
    Column("revoked_why", String(200)),
    Index(None, "group", "node"),
)

node_certificate = Table(
    "node_certificate",
    metadata,
    Column("id", _Id, primary_key=True, comment="the newest of a node has the highest"),
    Column("group", String(200), nullable=False),
    Column("node", String(200), nullable=False),
    Column("serial", String(64), nullable=False, unique=True, comment="hexadecimal"),
    Column("key", String(64), nullable=False, comment="SHA-256 of the public key"),
    Column("issuer", String(64), nullable=False, comment="fingerprint of the root"),
    Column("pem", String(8192), nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("begins_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, index=True),
    Column("revoked_why", String(200)),
    Index(None, "group", "node", "id"),
)

enrolment_trouble = Table(
    "enrolment_trouble",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("what", String(32), nullable=False),
    Column("group", String(200), nullable=False),
    Column("node", String(200), nullable=False),
    Column("key", String(64), nullable=False, comment="of the computer that was refused"),
    Column("address", String(64), nullable=False),
    Column("hardware", JSON(none_as_null=True)),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("what", "group", "node", "key"),
)
