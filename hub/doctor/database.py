"""The database: there, of this release, and not ahead of the clock."""

from collections.abc import Iterator

from hub.config import HubSettings
from hub.doctor.findings import Finding, bad, good
from hub.store.errors import StoreError
from hub.store.migrations import HEAD
from hub.store.opening import open_there

_WAY_OUT = "see the message; dltv-hub migrate brings an older database up to date, dltv-hub restore puts a backup back"


def database(settings: HubSettings) -> Iterator[Finding]:
    try:
        open_there(settings.store_url).close()
    except StoreError as error:
        yield bad("database", str(error), _WAY_OUT)
    else:
        yield good("database", f"opens, version {HEAD}")
