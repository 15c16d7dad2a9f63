"""Opens the database and brings its schema up to date: SQLite by default, PostgreSQL by URL.

Leaves to unit_of_work.py who may write when.
"""

from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, column, create_engine, event, inspect, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from hub.store.errors import BadStoreUrl, StoreError, StoreTooNew, StoreUnavailable
from hub.store.migrations import HEAD, VERSIONS

ALEMBIC = table("alembic_version", column("version_num"))
BEING_MOVED = "being moved"
"""Its version while another database is moved into it: no hub works on it."""
WRITES = "dltv_writes"
"""Execution option of a connection whose transaction is going to write."""
_BUSY_MS = 10_000
# synchronous=FULL: what is committed is acknowledged to the agents, which may then drop it. NORMAL would let a power cut take
# back the last commits after they were acknowledged. One fsync a batch is what that costs.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={_BUSY_MS}",
    "temp_store=MEMORY",
    "cache_size=-32768",
)


_POSTGRESQL: dict[str, Any] = {
    # One that has gone is noticed before it is used; as many at once as the web has threads and the hub has work.
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 50,
    # A server that is switched off says no goodbye.
    "connect_args": {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "dltv-hub",
    },
}


def place_of(url: str) -> URL:
    """Where the database is. PostgreSQL without a driver is spoken to by ours. Raises ArgumentError."""
    place = make_url(url)
    return place.set(drivername="postgresql+psycopg") if place.drivername in ("postgresql", "postgres") else place


def open_engine(url: str) -> Engine:
    """An engine on the database at `url`. Raises BadStoreUrl and StoreUnavailable; opens one connection to find out."""
    try:
        place = place_of(url)
        further = _POSTGRESQL if place.get_backend_name() == "postgresql" else {}
        engine = create_engine(place, json_serializer=_json, json_deserializer=orjson.loads, **further)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise BadStoreUrl(f"store.url is no database that can be opened: {error}") from None
    if engine.dialect.name == "sqlite":
        _keep_sqlite_safe(engine)
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        shown = engine.url.render_as_string(hide_password=True)
        way_out = "name another with store.url or --data-dir, or put a backup in its place"
        raise StoreUnavailable(f"the database {shown} cannot be opened: {error.orig}; {way_out}") from None
    return engine


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _keep_sqlite_safe(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: object) -> None:
        # The driver's own idea of when a transaction begins is switched off: ours begins where SQLAlchemy says so.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once. Were it to read first and ask for the lock later, SQLite would refuse it, without
        # waiting, whenever someone else has written in between.
        if connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # It waits for nobody and cannot fail: half of what a page's transaction costs would be SQLAlchemy's care for it.
            raw: Any = connection.connection.driver_connection
            raw.execute("BEGIN")


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date. Raises StoreTooNew. A database that already is costs one query and no import of Alembic."""
    version = version_of(engine)
    if version == HEAD:
        return
    if version == BEING_MOVED:
        raise StoreError(
            "a move into this database has not ended; go on with it: dltv-hub migrate --from … --to …, as before"
        )
    if version is not None and version not in VERSIONS:
        raise StoreTooNew(f"the database is of version {version}, this release knows {HEAD}: install the newer release")
    from hub.store.migrations.run import to_head

    to_head(engine)


def version_of(engine: Engine) -> str | None:
    """Of the schema; None where there is none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
