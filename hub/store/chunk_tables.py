"""Table of the reports that are settled: packed, many of them in a row (ADR 0019)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table

from hub.store.tables import metadata

report_chunk = Table(
    "report_chunk",
    metadata,
    Column("epoch_id", ForeignKey("epoch.id"), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False, comment="its lowest offset"),
    Column("last", BigInteger, nullable=False, comment="its highest offset"),
    Column("device_id", ForeignKey("device.id"), nullable=False),
    Column("since", BigInteger, nullable=False, comment="its oldest report's time"),
    Column("until", BigInteger, primary_key=True, autoincrement=False, comment="its newest report's time"),
    Column("reports", Integer, nullable=False),
    Column("told", Integer, nullable=False, comment="values in all of them"),
    Column("body", LargeBinary, nullable=False, comment="see chunks.py"),
    Index(None, "device_id", "until"),
    Index(None, "epoch_id", "last", "first"),
    # By chunk_days.py. `until` stands in the key for its sake: it must know of no chunk in which partition that stands.
    postgresql_partition_by="RANGE (until)",
    comment="reports of a device and a journal that are near in time; they are no rows of report any more",
)
