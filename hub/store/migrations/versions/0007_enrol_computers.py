"""Keep one-time codes, certificates of nodes, and who wanted to be somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolment_batch",
        sa.Column("id", _id(), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False, comment="as the audit names them"),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_batch"),
    )
    _codes()
    _certificates()
    _troubles()


def _codes() -> None:
    op.create_table(
        "enrolment_code",
        sa.Column("id", _id(), nullable=False),
        sa.Column("batch_id", _id(), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="the code itself is kept nowhere"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("key", sa.String(length=64), comment="SHA-256 of the public key that it was used for"),
        sa.Column("serial", sa.String(length=64), comment="of the certificate that it gave"),
        sa.Column("hardware", sa.JSON(), comment="what the computer said that it is"),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("revoked_why", sa.String(length=200)),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["enrolment_batch.id"], name="fk_enrolment_code_batch_id_enrolment_batch"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_code"),
        sa.UniqueConstraint("hash", name="uq_enrolment_code_hash"),
    )
    op.create_index("ix_enrolment_code_batch_id", "enrolment_code", ["batch_id"])
    op.create_index("ix_enrolment_code_group_node", "enrolment_code", ["group", "node"])


def _certificates() -> None:
    op.create_table(
        "node_certificate",
        sa.Column("id", _id(), nullable=False, comment="the newest of a node has the highest"),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False, comment="hexadecimal"),
        sa.Column("key", sa.String(length=64), nullable=False, comment="SHA-256 of the public key"),
        sa.Column("issuer", sa.String(length=64), nullable=False, comment="fingerprint of the root"),
        sa.Column("pem", sa.String(length=8192), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("revoked_why", sa.String(length=200)),
        sa.PrimaryKeyConstraint("id", name="pk_node_certificate"),
        sa.UniqueConstraint("serial", name="uq_node_certificate_serial"),
    )
    op.create_index("ix_node_certificate_revoked_at", "node_certificate", ["revoked_at"])
    op.create_index("ix_node_certificate_group_node_id", "node_certificate", ["group", "node", "id"])


def _troubles() -> None:
    op.create_table(
        "enrolment_trouble",
        sa.Column("id", _id(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="of the computer that was refused"),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("hardware", sa.JSON()),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_trouble"),
        sa.UniqueConstraint("what", "group", "node", "key", name="uq_enrolment_trouble_what_group_node_key"),
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
