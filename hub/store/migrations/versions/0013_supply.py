"""Keep stock by place, what is promised, and what moves it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _items()
    _levels()
    _moves()
    for deed in ("UPDATE", "DELETE"):
        _refuse(deed)


def _items() -> None:
    op.create_table(
        "stock_item",
        sa.Column("id", _Id, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="of the register of assets, or empty"),
        sa.Column("least", sa.Integer(), nullable=False, comment="with fewer at the office, supply is warned"),
        sa.Column("price_satang", sa.BigInteger()),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock_item"),
        sa.UniqueConstraint("code", name="uq_stock_item_code"),
    )


def _levels() -> None:
    op.create_table(
        "stock_level",
        sa.Column("item_id", _Id, nullable=False),
        sa.Column(
            "place", sa.String(length=240), nullable=False, comment="office, car:person:3, group/code of a school"
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "place", name="pk_stock_level"),
        sa.ForeignKeyConstraint(["item_id"], ["stock_item.id"], name="fk_stock_level_item_id"),
        sa.CheckConstraint("reserved >= 0 AND quantity >= reserved", name="ck_stock_level_never_short"),
    )
    op.create_table(
        "stock_promise",
        sa.Column("subject", sa.String(length=200), nullable=False, comment="what it is kept for: line:12"),
        sa.Column("item_id", _Id, nullable=False),
        sa.Column("place", sa.String(length=240), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "item_id", "place", name="pk_stock_promise"),
        sa.ForeignKeyConstraint(["item_id"], ["stock_item.id"], name="fk_stock_promise_item_id"),
        comment="what is reserved; a row goes when it is taken or let go",
    )


def _moves() -> None:
    op.create_table(
        "stock_move",
        sa.Column("id", _Id, nullable=False, comment="in their order"),
        sa.Column("item_id", _Id, nullable=False),
        sa.Column("place", sa.String(length=240), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False, comment="how many were there then"),
        sa.Column("why", sa.String(length=16), nullable=False, comment="hub.supply.stock.Why"),
        sa.Column("other", sa.String(length=240), nullable=False, comment="where it went or came from"),
        sa.Column("who", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False, comment="what for: request:MR-2570-0001"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock_move"),
        sa.ForeignKeyConstraint(["item_id"], ["stock_item.id"], name="fk_stock_move_item_id"),
        comment="rows are added, never changed nor dropped",
    )
    op.create_index("ix_stock_move_item_id", "stock_move", ["item_id"])
    op.create_index("ix_stock_move_subject", "stock_move", ["subject"])


def _refuse(deed: str) -> None:
    """No move of stock is ever changed or dropped."""
    name, why = f"stock_move_no_{deed.lower()}", "a move of stock is never changed nor dropped"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON stock_move BEGIN SELECT RAISE(ABORT, '{why}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON stock_move FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE is no DELETE of rows.
        op.execute(f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON stock_move EXECUTE FUNCTION {name}()")
