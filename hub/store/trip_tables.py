"""Tables of trips: a day of a technician, and the repairs that are done on it, in driving order."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from hub.store.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

trip = Table(
    "trip",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("day", String(10), nullable=False, index=True, comment="ISO 8601"),
    Column("who", String(300), nullable=False, comment="who drives, as the audit names them"),
    Column("name", String(200), nullable=False),
    Column("state", String(16), nullable=False, comment="hub.trips.trip.TripState"),
    Column("note", Text, nullable=False),
    Column("made_by", String(300), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "who", "day"),
)

trip_job = Table(
    "trip_job",
    metadata,
    Column("trip_id", ForeignKey("trip.id"), primary_key=True),
    Column("request", String(40), primary_key=True, index=True, comment="number of the repair"),
    Column("position", Integer, nullable=False, comment="on the way"),
    Column("group", String(200), nullable=False),
    Column("school", String(200), nullable=False),
)
