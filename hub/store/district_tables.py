"""The table of what is counted of each district: made anew every few minutes, so that a page of many districts reads few rows."""

from sqlalchemy import JSON, BigInteger, Column, Float, Integer, String, Table

from hub.store.tables import metadata

district_count = Table(
    "district_count",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("at", BigInteger, nullable=False, comment="when it was counted"),
    Column("schools", Integer, nullable=False),
    Column("agents", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
    Column("rooms", Integer, nullable=False, comment="with a receiver"),
    Column("class_min", Float, nullable=False, comment="of all rooms together, today so far"),
    Column("lost", JSON, nullable=False, comment="minutes of them by cause"),
    Column("lost_month", JSON, nullable=False, comment="of the month so far, by cause"),
    Column("ages", JSON, nullable=False, comment="open tickets by age, hub.core.overview.AGE_DAYS"),
    Column("overdue", Integer, nullable=False, comment="requests over their limit"),
)
