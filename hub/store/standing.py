"""What is wrong with the hub and was told: so that neither a start anew nor another process tells it once more."""

from sqlalchemy import Connection, delete, insert, select

from hub.store.lease_tables import hub_trouble


def standing_troubles(connection: Connection) -> dict[str, int]:
    """Since when (ms), by name."""
    return {row.name: row.since for row in connection.execute(select(hub_trouble))}


def note_trouble(connection: Connection, name: str, since: int | None) -> None:
    """It stands since then; None: it is over."""
    connection.execute(delete(hub_trouble).where(hub_trouble.c.name == name))
    if since is not None:
        connection.execute(insert(hub_trouble).values(name=name, since=since))
