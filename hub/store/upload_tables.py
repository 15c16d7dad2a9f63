"""The table of files that somebody sent and has not confirmed yet."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from hub.store.tables import metadata

upload = Table(
    "upload",
    metadata,
    Column("who", String(300), primary_key=True, comment="as the audit names them: each has one at most"),
    Column("group", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
