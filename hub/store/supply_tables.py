"""Tables of the stock: items, how many lie where, what is promised, and what moved them.

The triggers that keep moves from being changed stand in migration 0013. Loans, specifications and offers are requests.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

stock_item = Table(
    "stock_item",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("code", String(48), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("kind", String(40), nullable=False, comment="of the register of assets, or empty"),
    Column("least", Integer, nullable=False, comment="with fewer at the office, supply is warned"),
    Column("price_satang", BigInteger),
    Column("note", String(500), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

stock_level = Table(
    "stock_level",
    metadata,
    Column("item_id", ForeignKey("stock_item.id"), primary_key=True),
    Column("place", String(240), primary_key=True, comment="office, car:person:3, group/code of a school"),
    Column("quantity", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    CheckConstraint("reserved >= 0 AND quantity >= reserved", name="ck_stock_level_never_short"),
)

stock_promise = Table(
    "stock_promise",
    metadata,
    Column("subject", String(200), primary_key=True, comment="what it is kept for: line:12"),
    Column("item_id", ForeignKey("stock_item.id"), primary_key=True),
    Column("place", String(240), primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="what is reserved; a row goes when it is taken or let go",
)

stock_move = Table(
    "stock_move",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order"),
    Column("item_id", ForeignKey("stock_item.id"), nullable=False, index=True),
    Column("place", String(240), nullable=False),
    Column("change", Integer, nullable=False),
    Column("left", Integer, nullable=False, comment="how many were there then"),
    Column("why", String(16), nullable=False, comment="hub.supply.stock.Why"),
    Column("other", String(240), nullable=False, comment="where it went or came from"),
    Column("who", String(300), nullable=False, comment="as the audit names them"),
    Column("name", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("subject", String(200), nullable=False, index=True, comment="what for: request:MR-2570-0001"),
    Column("note", Text, nullable=False),
    comment="rows are added, never changed nor dropped",
)
