"""People, how they come in, and the record of what was done, which nothing but time may shorten."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT_MS = 90 * 86_400_000
# What each dialect calls the milliseconds of now.
_NOW = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000",
    "postgresql": "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
}
_RULES = (
    ("audit_entry", "UPDATE", "1 = 1", "an entry of the audit is never changed"),
    (
        "audit_entry",
        "INSERT",
        "NEW.number <> (SELECT head_number + 1 FROM audit_chain)",
        "an entry of the audit is added at the end",
    ),
    (
        "audit_entry",
        "DELETE",
        "OLD.at > {now} - {kept} OR OLD.number > (SELECT kept_after_number FROM audit_chain)",
        "an entry of the audit is kept for 90 days, and dropped only where the chain says so",
    ),
    ("audit_chain", "INSERT", "1 = 1", "there is one chain"),
    ("audit_chain", "DELETE", "1 = 1", "there is one chain"),
    (
        "audit_chain",
        "UPDATE",
        "NEW.id <> OLD.id OR NEW.head_number < OLD.head_number OR NEW.kept_after_number < OLD.kept_after_number"
        " OR NEW.kept_after_number > NEW.head_number",
        "the chain only grows",
    ),
)
"""Table, what somebody does to it, when that is refused, and why."""


def upgrade() -> None:
    _make_person()
    _make_sessions()
    _make_links()
    _make_tokens()
    _make_failures()
    _make_audit()
    for number, rule in enumerate(_RULES):
        _refuse(f"audit_rule_{number}", *rule)


def _make_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", _Id, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False, comment="hub.core.people.Role"),
        sa.Column("school", sa.String(length=200), comment="code of the own school"),
        sa.Column("groups", sa.JSON(), comment="the districts that they are limited to; null: all"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.String(length=300), comment="Argon2; null: none"),
        sa.Column("issuer", sa.String(length=300), comment="of the OpenID provider that knows them"),
        sa.Column("subject", sa.String(length=300)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_in_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
        sa.UniqueConstraint("issuer", "subject", name="uq_person_issuer_subject"),
    )


def _make_sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", _Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of what is in the cookie"),
        sa.Column("person_id", _Id, comment="null: shows the hub as the role in `demo`"),
        sa.Column("demo", sa.String(length=32)),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        *_known_by("session"),
    )
    op.create_index("ix_session_person_id", "session", ["person_id"])
    op.create_index("ix_session_seen_at", "session", ["seen_at"])


def _make_links() -> None:
    op.create_table(
        "link",
        sa.Column("id", _Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("person_id", _Id),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), comment="or made void"),
        *_known_by("link"),
        comment="one-time links",
    )
    op.create_index("ix_link_person_id", "link", ["person_id"])


def _make_tokens() -> None:
    op.create_table(
        "token",
        sa.Column("id", _Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", _Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="hub.core.people.Permission"),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        *_known_by("token"),
        comment="API tokens",
    )
    op.create_index("ix_token_person_id", "token", ["person_id"])


def _make_failures() -> None:
    op.create_table(
        "failure",
        sa.Column("key", sa.String(length=80), nullable=False, comment="an account's or an address's"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_failure"),
        comment="wrong passwords in a row",
    )
    op.create_index("ix_failure_last_at", "failure", ["last_at"])


def _known_by(table: str) -> tuple[sa.Constraint, ...]:
    """What a secret opens is known by the secret's hash, and belongs to a person."""
    return (
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("digest", name=f"uq_{table}_digest"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("what", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("details", sa.Text(), nullable=False, comment="canonical JSON, as it was hashed"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="over the hash before and all of this"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
        comment="what changed trust: rows are added, never changed",
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_what_number", "audit_entry", ["what", "number"])
    op.create_index("ix_audit_entry_subject_number", "audit_entry", ["subject", "number"])
    chain = op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head_number", sa.BigInteger(), nullable=False, comment="the last entry"),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kept_after_number", sa.BigInteger(), nullable=False, comment="the last entry that was dropped as too old"
        ),
        sa.Column("kept_after_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_chain"),
        comment="one row: where the chain ends, and where what is kept of it begins; whoever adds an entry holds it",
    )
    nothing = {"head_number": 0, "head_hash": "0" * 64, "kept_after_number": 0, "kept_after_hash": "0" * 64}
    op.bulk_insert(chain, [{"id": 1, **nothing}])


def _refuse(name: str, table: str, deed: str, condition: str, why: str) -> None:
    dialect = op.get_context().dialect.name
    condition = condition.format(now=_NOW[dialect], kept=_KEPT_MS)
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    give = "OLD" if deed == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END IF; RETURN {give}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        # TRUNCATE is no DELETE of rows.
        op.execute(
            f"CREATE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{why}' USING ERRCODE = '23000'; END $$"
        )
        op.execute(f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}_all()")
