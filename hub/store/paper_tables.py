"""Tables. Give every paper its running number once."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint

from hub.store.tables import metadata

paper_number = Table(
    "paper_number",
    metadata,
    Column("series", String(40), primary_key=True, comment="the form: F10"),
    Column("subject", String(300), primary_key=True, comment="what the paper is of: request:PR-2570-0001"),
    Column("year", Integer, nullable=False, comment="fiscal, of the Buddhist era"),
    Column("number", Integer, nullable=False),
    Column("who", String(300), nullable=False, comment="who printed it first, as the audit names them"),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("series", "year", "number"),
)
