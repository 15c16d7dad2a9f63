"""Keep price lists, needs, and the lines of a round of allocation."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _needs()
    _rounds()
    _lines()
    _what_people_did()
    for deed in ("UPDATE", "DELETE"):
        _refuse(deed)


def _needs() -> None:
    op.create_table(
        "reference_price",
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False, comment="of the Buddhist era"),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="one of hub.core.assets.ASSET_KINDS"),
        sa.Column("price_satang", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False, comment="edition and item that it was taken from"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("fiscal_year", "kind", name="pk_reference_price"),
    )
    op.create_table(
        "opened_need",
        sa.Column("id", _Id, nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=200)),
        sa.Column("asset_id", _Id),
        sa.Column("request", sa.String(length=40), nullable=False, comment="the repair that gave it up"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), comment="null: it is open"),
        sa.Column("closed_by", sa.BigInteger(), comment="the line of allocation that met it"),
        sa.PrimaryKeyConstraint("id", name="pk_opened_need"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_opened_need_asset_id"),
        sa.UniqueConstraint("request", name="uq_opened_need_request"),
    )
    op.create_index("ix_opened_need_asset_id", "opened_need", ["asset_id"])


def _rounds() -> None:
    op.create_table(
        "allocation_round",
        sa.Column("number", sa.String(length=40), nullable=False, comment="of its request"),
        sa.Column("groups", sa.JSON(), comment="districts that it is for; null: all"),
        sa.Column("left", sa.JSON(), nullable=False, comment="[[need, why]]: needs that the last proposal left out"),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_allocation_round"),
    )


def _lines() -> None:
    op.create_table(
        "allocation_line",
        sa.Column("id", _Id, nullable=False),
        sa.Column("round", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=16), nullable=False, comment="hub.allocation.lines.Work"),
        sa.Column("price_satang", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False, comment="hub.allocation.lines.Source"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="[[code, params]]: why the hub proposed it"),
        sa.Column("reason", sa.Text(), nullable=False, comment="in words of people"),
        sa.Column("need", sa.String(length=60)),
        sa.Column("asset_id", _Id, comment="that is repaired or replaced"),
        sa.Column("giver_id", _Id, comment="that is moved"),
        sa.Column("from_school", sa.String(length=200)),
        sa.Column("done", sa.JSON(), nullable=False, comment="{stage: pieces}"),
        sa.Column("serials", sa.JSON(), nullable=False, comment="of pieces on their way"),
        sa.Column("order", sa.String(length=40), comment="number of its purchase request"),
        sa.Column("removed_at", sa.BigInteger(), comment="null: it stands in the plan"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_allocation_line"),
        sa.ForeignKeyConstraint(["round"], ["allocation_round.number"], name="fk_allocation_line_round"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_allocation_line_asset_id"),
        sa.ForeignKeyConstraint(["giver_id"], ["asset.id"], name="fk_allocation_line_giver_id"),
    )
    op.create_index("ix_allocation_line_removed_at", "allocation_line", ["removed_at"])
    op.create_index("ix_allocation_line_round", "allocation_line", ["round"])
    op.create_index("ix_allocation_line_group_school", "allocation_line", ["group", "school"])


def _what_people_did() -> None:
    op.create_table(
        "allocation_entry",
        sa.Column("id", _Id, nullable=False, comment="in their order"),
        sa.Column("line_id", _Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_allocation_entry"),
        sa.ForeignKeyConstraint(["line_id"], ["allocation_line.id"], name="fk_allocation_entry_line_id"),
        comment="the history of a line: rows are added, never changed nor dropped",
    )
    op.create_index("ix_allocation_entry_line_id", "allocation_entry", ["line_id"])
    op.create_index("ix_allocation_entry_code", "allocation_entry", ["code"])
    op.create_table(
        "allocation_tick",
        sa.Column("round", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False, comment="of hub.allocation.rules"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("round", "group", "school", "rule", name="pk_allocation_tick"),
        sa.ForeignKeyConstraint(["round"], ["allocation_round.number"], name="fk_allocation_tick_round"),
        comment="rules of eligibility that people answered",
    )


def _refuse(deed: str) -> None:
    """No line of a history is ever changed or dropped."""
    name, why = f"allocation_entry_no_{deed.lower()}", "an entry of an allocation line is never changed nor dropped"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON allocation_entry BEGIN SELECT RAISE(ABORT, '{why}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON allocation_entry FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE is no DELETE of rows.
        op.execute(f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON allocation_entry EXECUTE FUNCTION {name}()")
