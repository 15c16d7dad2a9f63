"""Tables of the reference price list, of needs that repairs opened, and of rounds of allocation with their lines.

The triggers that keep the history of a line from being changed stand in migration 0014.
"""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

reference_price = Table(
    "reference_price",
    metadata,
    Column("fiscal_year", Integer, primary_key=True, autoincrement=False, comment="of the Buddhist era"),
    Column("kind", String(32), primary_key=True, comment="one of hub.core.assets.ASSET_KINDS"),
    Column("price_satang", BigInteger, nullable=False),
    Column("name", String(300), nullable=False),
    Column("source", String(300), nullable=False, comment="edition and item that it was taken from"),
    Column("at", BigInteger, nullable=False),
    Column("who", String(300), nullable=False),
)

opened_need = Table(
    "opened_need",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("group", String(200), nullable=False),
    Column("school", String(200), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("device", String(200)),
    Column("asset_id", ForeignKey("asset.id"), index=True),
    Column("request", String(40), nullable=False, unique=True, comment="the repair that gave it up"),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger, comment="null: it is open"),
    Column("closed_by", BigInteger, comment="the line of allocation that met it"),
)

allocation_round = Table(
    "allocation_round",
    metadata,
    Column("number", String(40), primary_key=True, comment="of its request"),
    Column("groups", JSON, comment="districts that it is for; null: all"),
    Column("left", JSON, nullable=False, comment="[[need, why]]: needs that the last proposal left out"),
    Column("proposed_at", BigInteger, nullable=False),
)

allocation_line = Table(
    "allocation_line",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("round", ForeignKey("allocation_round.number"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("group", String(200), nullable=False),
    Column("school", String(200), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("what", String(300), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("work", String(16), nullable=False, comment="hub.allocation.lines.Work"),
    Column("price_satang", BigInteger, nullable=False),
    Column("source", String(16), nullable=False, comment="hub.allocation.lines.Source"),
    Column("reasons", JSON, nullable=False, comment="[[code, params]]: why the hub proposed it"),
    Column("reason", Text, nullable=False, comment="in words of people"),
    Column("need", String(60)),
    Column("asset_id", ForeignKey("asset.id"), comment="that is repaired or replaced"),
    Column("giver_id", ForeignKey("asset.id"), comment="that is moved"),
    Column("from_school", String(200)),
    Column("done", JSON, nullable=False, comment="{stage: pieces}"),
    Column("serials", JSON, nullable=False, comment="of pieces on their way"),
    Column("order", String(40), comment="number of its purchase request"),
    Column("removed_at", BigInteger, index=True, comment="null: it stands in the plan"),
    Column("version", Integer, nullable=False),
    Index(None, "group", "school"),
)

allocation_entry = Table(
    "allocation_entry",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order"),
    Column("line_id", ForeignKey("allocation_line.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(300), nullable=False, comment="as the audit names them"),
    Column("name", String(200), nullable=False),
    Column("code", String(48), nullable=False, index=True),
    Column("params", JSON, nullable=False),
    Column("note", Text, nullable=False),
    comment="the history of a line: rows are added, never changed nor dropped",
)

allocation_tick = Table(
    "allocation_tick",
    metadata,
    Column("round", ForeignKey("allocation_round.number"), primary_key=True),
    Column("group", String(200), primary_key=True),
    Column("school", String(200), primary_key=True),
    Column("rule", String(32), primary_key=True, comment="of hub.allocation.rules"),
    Column("at", BigInteger, nullable=False),
    Column("who", String(300), nullable=False),
    comment="rules of eligibility that people answered",
)
"""A row stands for yes; who takes it back drops it."""
