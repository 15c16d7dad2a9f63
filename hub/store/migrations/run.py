"""Runs the migrations on an open engine."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from hub.store import (
    allocation_tables,
    asset_tables,
    chunk_tables,
    district_tables,
    enrolment_tables,
    export_tables,
    hourly_tables,
    lease_tables,
    message_tables,
    paper_tables,
    people_tables,
    phone_tables,
    repair_tables,
    rollout_tables,
    supply_tables,
    survey_tables,
    trip_tables,
    upload_tables,
    workflow_tables,
)
from hub.store.tables import metadata

_HERE = Path(__file__).parent
_TABLES = (
    *(people_tables, enrolment_tables, rollout_tables, upload_tables, workflow_tables),
    *(asset_tables, repair_tables, supply_tables, allocation_tables, survey_tables, message_tables, paper_tables),
    *(trip_tables, hourly_tables, phone_tables, chunk_tables, district_tables, export_tables, lease_tables),
)
"""Modules whose tables are part of `metadata` once they are imported."""


def configuration() -> Config:
    """Alembic's configuration, made here: there is no alembic.ini that a wheel could lose."""
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("version_locations", str(_HERE / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["target_metadata"] = metadata
    return config


def to_head(engine: Engine) -> None:
    """Apply every step that the database has not seen, in one transaction."""
    config = configuration()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Several processes of a hub begin at once: the second finds it done.
            connection.execute(text("SELECT pg_advisory_xact_lock(4713226582)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
