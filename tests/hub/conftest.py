"""Where the tests run on PostgreSQL, a hub that is told of no database of its own takes one there."""

import pytest

from hub.config import HubSettings
from tests.stores import ON_POSTGRESQL, database


@pytest.fixture(autouse=ON_POSTGRESQL)
def usual_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def store_url(settings: HubSettings) -> str:
        if settings.store.url is not None:
            return settings.store.url.get_secret_value()
        return database(settings.data_dir / "hub.db")

    monkeypatch.setattr(HubSettings, "store_url", property(store_url))
