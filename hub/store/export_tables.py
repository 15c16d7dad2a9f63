"""Tables of what has gone to the server of long history."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from hub.store.tables import metadata

exported = Table(
    "exported",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    comment="offsets that the server of long history has, as ranges that neither touch nor overlap",
)
