"""Take the office's requests: where each stands, and a history that is only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _requests()
    _histories()
    _what_follows()
    for deed in ("UPDATE", "DELETE"):
        _refuse(deed)


def _requests() -> None:
    op.create_table(
        "request",
        sa.Column("id", _Id, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False, comment="PC-2570-0001"),
        sa.Column("type", sa.String(length=48), nullable=False, comment="id of its definition"),
        sa.Column("state", sa.String(length=48), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("group", sa.String(length=200)),
        sa.Column("school", sa.String(length=200)),
        sa.Column("opened_by", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column("opened_name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False, comment="when it came into its state"),
        sa.Column("due_at", sa.BigInteger(), comment="when its first limit runs out"),
        sa.Column("values", sa.JSON(), nullable=False, comment="what its fields hold now"),
        sa.Column(
            "spent", sa.JSON(), nullable=False, comment="working ms that a state had used when it went into waiting"
        ),
        sa.Column("worked", sa.BigInteger(), nullable=False, comment="working ms until entered_at, without waiting"),
        sa.Column("reminded", sa.JSON(), nullable=False, comment="keys of timers that were told"),
        sa.Column("parent", sa.String(length=40), comment="number of the request that it came from"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("number", name="uq_request_number"),
    )
    for columns in (["school"], ["opened_by"], ["is_open", "due_at"], ["type", "state"]):
        op.create_index(f"ix_request_{'_'.join(columns)}", "request", columns)


def _histories() -> None:
    op.create_table(
        "request_entry",
        sa.Column("id", _Id, nullable=False, comment="in their order"),
        sa.Column("request_id", _Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(length=16), nullable=False, comment="hub.workflows.request.Told"),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("transition", sa.String(length=48)),
        sa.Column("origin", sa.String(length=48)),
        sa.Column("target", sa.String(length=48)),
        sa.Column("values", sa.JSON(), nullable=False, comment="what was given with it"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("corrects", sa.BigInteger(), comment="the entry that it puts right"),
        sa.Column("scope", sa.String(length=48), comment="of a limit: the state; empty: the whole"),
        sa.PrimaryKeyConstraint("id", name="pk_request_entry"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_entry_request_id"),
        comment="the history: rows are added, never changed nor dropped",
    )
    op.create_index("ix_request_entry_request_id", "request_entry", ["request_id"])
    op.create_table(
        "request_counter",
        sa.Column("series", sa.String(length=48), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, comment="of the Buddhist era"),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_request_counter"),
        comment="running numbers; whoever takes one holds its row",
    )


def _what_follows() -> None:
    op.create_table(
        "request_timer",
        sa.Column("request_id", _Id, nullable=False),
        sa.Column("turn", sa.String(length=16), nullable=False, comment="hub.workflows.request.Turn"),
        sa.Column("scope", sa.String(length=48), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "turn", "scope", name="pk_request_timer"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_timer_request_id"),
    )
    op.create_index("ix_request_timer_at", "request_timer", ["at"])
    op.create_table(
        "request_notice",
        sa.Column("id", _Id, nullable=False),
        sa.Column("entry_id", _Id, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("whom", sa.JSON(), nullable=False, comment="roles, or persons as the audit names them"),
        sa.Column("told_at", sa.BigInteger(), comment="null: waits to be told"),
        sa.PrimaryKeyConstraint("id", name="pk_request_notice"),
        sa.ForeignKeyConstraint(["entry_id"], ["request_entry.id"], name="fk_request_notice_entry_id"),
    )
    op.create_index("ix_request_notice_entry_id", "request_notice", ["entry_id"])
    op.create_index("ix_request_notice_told_at", "request_notice", ["told_at"])
    op.create_table(
        "request_file",
        sa.Column("id", _Id, nullable=False),
        sa.Column("request_id", _Id, comment="null: sent, and not part of one yet"),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_file"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_file_request_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_request_file_request_id", "request_file", ["request_id"])


def _refuse(deed: str) -> None:
    """No entry of a history is ever changed or dropped."""
    name, why = f"request_entry_no_{deed.lower()}", "an entry of a request is never changed nor dropped"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON request_entry BEGIN SELECT RAISE(ABORT, '{why}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON request_entry FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE is no DELETE of rows.
        op.execute(f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON request_entry EXECUTE FUNCTION {name}()")
