"""Keep the register of assets: what each is, its parts, its moves, and every change."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _assets()
    _components()
    _histories()
    _conflicts()
    for deed in ("UPDATE", "DELETE"):
        _refuse(deed)


def _assets() -> None:
    op.create_table(
        "asset",
        sa.Column("id", _Id, nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="one of hub.core.assets.ASSET_KINDS"),
        sa.Column("number", sa.String(length=100), comment="null: it has none yet"),
        sa.Column("serial", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("firmware", sa.String(length=200), nullable=False),
        sa.Column("profile", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=32), nullable=False, comment="code; empty: at the office"),
        sa.Column("room", sa.String(length=200), nullable=False),
        sa.Column("dish", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False, comment="name of the agent; empty: the first one"),
        sa.Column("device", sa.String(length=200), comment="its key there; null: nothing reports it"),
        sa.Column("price_satang", sa.BigInteger()),
        sa.Column("acquired_on", sa.Date()),
        sa.Column("fund", sa.String(length=200), nullable=False),
        sa.Column("vendor", sa.String(length=200), nullable=False),
        sa.Column("warranty_until", sa.Date()),
        sa.Column("rented_until", sa.Date()),
        sa.Column("useful_life_years", sa.Integer()),
        sa.Column("state", sa.String(length=16), nullable=False, comment="hub.core.assets.AssetState"),
        sa.Column("written_off_on", sa.Date()),
        sa.Column("disposal", sa.String(length=16), comment="hub.core.assets.Disposal"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False, comment="names of the fields that the agent filled"),
        sa.Column("token", sa.String(length=32), nullable=False, comment="of its sticker"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
        sa.UniqueConstraint("token", name="uq_asset_token"),
    )
    _indexes()


def _indexes() -> None:
    op.create_index("ix_asset_group_school", "asset", ["group", "school"])
    op.create_index("ix_asset_group_number", "asset", ["group", "number"], unique=True)
    reported = sa.text("device IS NOT NULL")
    op.create_index(
        "uq_asset_one_for_each_device",
        "asset",
        ["group", "school", "node", "device"],
        unique=True,
        sqlite_where=reported,
        postgresql_where=reported,
    )


def _components() -> None:
    op.create_table(
        "asset_component",
        sa.Column("id", _Id, nullable=False),
        sa.Column("asset_id", _Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=200), nullable=False),
        sa.Column("fitted_on", sa.Date()),
        sa.Column("warranty_until", sa.Date()),
        sa.Column("price_satang", sa.BigInteger()),
        sa.Column("removed_on", sa.Date(), comment="null: it is in use there"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset_component"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_asset_component_asset_id"),
    )
    op.create_index("ix_asset_component_asset_id", "asset_component", ["asset_id"])


def _histories() -> None:
    op.create_table(
        "asset_entry",
        sa.Column("id", _Id, nullable=False, comment="in their order"),
        sa.Column("asset_id", _Id, nullable=False),
        sa.Column("component_id", _Id),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False, comment="[[field, before, after]], as text"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset_entry"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_asset_entry_asset_id"),
        sa.ForeignKeyConstraint(["component_id"], ["asset_component.id"], name="fk_asset_entry_component_id"),
        comment="the history: rows are added, never changed nor dropped",
    )
    op.create_index("ix_asset_entry_asset_id", "asset_entry", ["asset_id"])


def _conflicts() -> None:
    op.create_table(
        "asset_conflict",
        sa.Column("asset_id", _Id, nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False, comment="what the agent says"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), comment="somebody looked at it; null: nobody has"),
        sa.Column("kept_by", sa.String(length=300)),
        sa.PrimaryKeyConstraint("asset_id", "field", name="pk_asset_conflict"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_asset_conflict_asset_id"),
        comment="where an agent says otherwise than people wrote",
    )


def _refuse(deed: str) -> None:
    """No line of a history is ever changed or dropped."""
    name, why = f"asset_entry_no_{deed.lower()}", "an entry of an asset is never changed nor dropped"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON asset_entry BEGIN SELECT RAISE(ABORT, '{why}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON asset_entry FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE is no DELETE of rows.
        op.execute(f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON asset_entry EXECUTE FUNCTION {name}()")
