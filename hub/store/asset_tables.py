"""Tables of the register of assets: what each is, its components, every change, and where an agent says otherwise.

The triggers that keep a history from being changed stand in migration 0011.
"""

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

asset = Table(
    "asset",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("group", String(200), nullable=False),
    Column("kind", String(32), nullable=False, comment="one of hub.core.assets.ASSET_KINDS"),
    Column("number", String(100), comment="null: it has none yet"),
    Column("serial", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("firmware", String(200), nullable=False),
    Column("profile", String(200), nullable=False),
    Column("school", String(32), nullable=False, comment="code; empty: at the office"),
    Column("room", String(200), nullable=False),
    Column("dish", String(200), nullable=False),
    Column("node", String(200), nullable=False, comment="name of the agent; empty: the school's first one"),
    Column(
        "device", String(200), comment="its key there, empty for the agent's own computer; null: nothing reports it"
    ),
    Column("price_satang", BigInteger),
    Column("acquired_on", Date),
    Column("fund", String(200), nullable=False),
    Column("vendor", String(200), nullable=False),
    Column("warranty_until", Date),
    Column("rented_until", Date),
    Column("useful_life_years", Integer),
    Column("state", String(16), nullable=False, comment="hub.core.assets.AssetState"),
    Column("written_off_on", Date),
    Column("disposal", String(16), comment="hub.core.assets.Disposal"),
    Column("note", Text, nullable=False),
    Column("told", JSON, nullable=False, comment="names of the fields that the agent filled"),
    Column("token", String(32), nullable=False, unique=True, comment="of its sticker"),
    Column("version", Integer, nullable=False),
    Index(None, "group", "school"),
    Index(None, "group", "number", unique=True),
)
Index(
    "uq_asset_one_for_each_device",
    asset.c.group,
    asset.c.school,
    asset.c.node,
    asset.c.device,
    unique=True,
    sqlite_where=asset.c.device.is_not(None),
    postgresql_where=asset.c.device.is_not(None),
)

asset_component = Table(
    "asset_component",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("asset_id", ForeignKey("asset.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("serial", String(200), nullable=False),
    Column("fitted_on", Date),
    Column("warranty_until", Date),
    Column("price_satang", BigInteger),
    Column("removed_on", Date, comment="null: it is in use there"),
    Column("note", Text, nullable=False),
)

asset_entry = Table(
    "asset_entry",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order"),
    Column("asset_id", ForeignKey("asset.id"), nullable=False, index=True),
    Column("component_id", ForeignKey("asset_component.id")),
    Column("at", BigInteger, nullable=False),
    Column("what", String(32), nullable=False),
    Column("who", String(300), nullable=False),
    Column("name", String(200), nullable=False),
    Column("changes", JSON, nullable=False, comment="[[field, before, after]], as text"),
    Column("note", Text, nullable=False),
    comment="the history: rows are added, never changed nor dropped",
)

asset_conflict = Table(
    "asset_conflict",
    metadata,
    Column("asset_id", ForeignKey("asset.id"), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("said", String(200), nullable=False, comment="what the agent says"),
    Column("since", BigInteger, nullable=False),
    Column("kept_at", BigInteger, comment="somebody looked at it, and the register is right; null: nobody has"),
    Column("kept_by", String(300)),
    comment="where an agent says otherwise than people wrote",
)
