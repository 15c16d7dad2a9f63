"""Tables of the hours that reports come to: kept for ever, also when the reports are gone."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table

from hub.store.tables import metadata

hourly = Table(
    "hourly",
    metadata,
    Column("device_id", ForeignKey("device.id"), primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False, comment="hours since 1970 UTC"),
    Column("body", LargeBinary, nullable=False, comment="all metrics of the hour, see hourly_bodies.py"),
    sqlite_with_rowid=False,
)

hourly_done = Table(
    "hourly_done",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    comment="offsets that are in the hours, as ranges that neither touch nor overlap",
)

hourly_mark = Table(
    "hourly_mark",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column(
        "revision", BigInteger, nullable=False, comment="counts the writes: who has read before another is too late"
    ),
    Column(
        "pruned_before",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="ms; of hours before it reports may be gone: what is told late is added to what they hold",
    ),
    comment="one row",
)
