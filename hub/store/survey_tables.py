"""Tables. Keep surveys, what was filled in for a school and what it answered."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

survey = Table(
    "survey",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("type", String(48), nullable=False, comment="id of its definition"),
    Column("turn", String(80), nullable=False, comment="which one, in the office's words"),
    Column("group", String(200), nullable=False),
    Column("due_on", String(10), nullable=False, comment="ISO 8601"),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", String(300), nullable=False, comment="as the audit names them"),
    Column("closed_at", BigInteger, comment="null: schools may answer"),
    Index(None, "closed_at", "due_on"),
)

survey_sheet = Table(
    "survey_sheet",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("survey_id", ForeignKey("survey.id"), nullable=False),
    Column("group", String(200), nullable=False),
    Column("school", String(200), nullable=False),
    Column("name", String(200), nullable=False, comment="of the school, as it was called then"),
    Column("known", JSON, nullable=False, comment="what stood on it when the school got it; never changed"),
    # In clear: the office shows the link again. Who can read it here can read the answers anyway.
    Column("token", String(64), nullable=False, unique=True, comment="in the address that the school gets"),
    Column("state", String(16), nullable=False, comment="hub.surveys.sheet.SheetState"),
    Column("answers", JSON(none_as_null=True)),
    Column("answered_at", BigInteger),
    Column("answered_by", String(300), nullable=False, comment="as the audit names them; empty: by the link"),
    Column("answered_name", String(200), nullable=False, comment="as they wrote themselves"),
    Column("note", Text, nullable=False, comment="of the office, when it asks back"),
    Column("decided_at", BigInteger),
    Column("decided_by", String(300), nullable=False),
    Column("reminded_at", BigInteger),
    Column("version", Integer, nullable=False),
    UniqueConstraint("survey_id", "group", "school"),
    Index(None, "group", "school"),
)
