"""The database as a hub opens it: of the newest version, whatever it was."""

from hub.store.engine import open_engine, upgrade
from hub.store.unit_of_work import Store


def open_store(url: str) -> Store:
    """Raises StoreError."""
    engine = open_engine(url)
    upgrade(engine)
    return Store(engine)
