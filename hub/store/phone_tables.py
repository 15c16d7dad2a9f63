"""Tables for work by phone: forms that came, so that none counts twice, and photos of requests."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

submission = Table(
    "submission",
    metadata,
    Column("who", String(300), primary_key=True, comment="as the audit names them"),
    Column(
        "key", String(64), primary_key=True, comment="chosen by the browser, the same however often it sends a form"
    ),
    Column("led_to", String(64), nullable=False, comment="number of the request, or token of the report"),
    Column("at", BigInteger, nullable=False, index=True),
    comment="forms that were carried out, each in the transaction of what it asked for",
)

request_photo = Table(
    "request_photo",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("request_id", ForeignKey("request.id"), nullable=False, index=True),
    Column("entry_id", ForeignKey("request_entry.id"), nullable=False, comment="of the history: with what it was sent"),
    Column("who", String(300), nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256 of data"),
    Column("type", String(16), nullable=False, comment="image/jpeg, image/png, image/webp"),
    Column("data", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False, comment="as a list shows it; empty: data itself is small"),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
