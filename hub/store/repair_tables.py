"""The table of repairs: what a repair has besides its request. Leaves states, fields and the history to workflow_tables.py."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from hub.store.tables import metadata

repair = Table(
    "repair",
    metadata,
    Column("number", String(40), primary_key=True, comment="of its request"),
    Column("ticket_id", ForeignKey("ticket.id"), unique=True, comment="null: no readings tell of it"),
    Column("token", String(64), nullable=False, unique=True, comment="of the page for whoever reported it: /r/<token>"),
    Column("group", String(200)),
    Column("node", String(200)),
    Column("device", String(200), comment="empty: the agent's own computer, or a dish"),
    Column("dish", String(200), nullable=False, server_default="", comment="where the fault is a dish's: its name"),
    Column("asset_id", BigInteger, comment="of the register of assets"),
    Column("reports", Integer, nullable=False, comment="how often people have reported it"),
    Column("standing", String(32), comment="who pays by the register, when the cause was known"),
    Column("checked_at", BigInteger, comment="when the readings were last asked whether it is mended"),
    Column("verdict", String(16), comment="what they said: hub.repairs.verifying.Verdict"),
    Column("rating_asked_at", BigInteger),
    Column("need_wished_at", BigInteger, comment="when it was given up, and a replacement proposed"),
    Index(None, "group", "node", "device"),
    comment="what a repair has besides its request",
)
