"""Tables of roll-outs: what was ordered, what happened since, and what each computer told last of what it was given."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

rollout = Table(
    "rollout",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", String(16), nullable=False, comment="hub.rollouts.rollout.Kind"),
    Column("version", String(64), nullable=False),
    Column("group", String(200), nullable=False),
    Column("nodes", JSON, nullable=False, comment="names of those that it is for"),
    Column("settings", JSON, nullable=False, comment="hub.rollouts.settings.RolloutSettings, as they were"),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", String(300), nullable=False),
    Column(
        "is_open", Integer, nullable=False, index=True, comment="1: neither done nor aborted; so that a tick finds them"
    ),
    Index(None, "group", "kind", "id"),
)

rollout_event = Table(
    "rollout_event",
    metadata,
    Column("id", _Id, primary_key=True, comment="in their order"),
    Column("rollout_id", ForeignKey("rollout.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(16), nullable=False, comment="hub.rollouts.events.What"),
    Column("node", String(200)),
    Column("nodes", JSON(none_as_null=True), comment="of a wave"),
    Column("reason", String(16), comment="hub.rollouts.events.Reason"),
    Column("why", String(500), nullable=False),
    Column("who", String(300), nullable=False),
    Index(None, "rollout_id", "node"),
)

node_outcome = Table(
    "node_outcome",
    metadata,
    Column("group", String(200), primary_key=True),
    Column("node", String(200), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("result", String(16), nullable=False, comment="hub.rollouts.events.Reason"),
    Column("why", String(500), nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="the last word of each computer about each kind of thing that it was given",
)
