"""What the parts of a divided hub are, and what several of them are made of, each for itself."""

from typing import Protocol
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics

from hub.config import HubSettings
from hub.guarding import Guarding, pki_folder
from hub.mqtt.host_client import utc_ms
from hub.notifying import Notices
from hub.office.office import Office
from hub.store.insights import StoreInsights
from hub.store.inventory import Inventory
from hub.store.unit_of_work import Store
from hub.trust.opening import open_authority
from hub.web.settings import WebSettings

LEASE = "district {}"
"""Under which name a district is somebody's."""


class Part(Protocol):
    """What a process does in one role, or a part of it."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class RolePart(Part, Protocol):
    """What a process does in one role. trouble: why it does not; empty when it does."""

    @property
    def trouble(self) -> str: ...


def make_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ProcessCollector(registry=registry)
    return registry


def make_office(settings: HubSettings, store: Store, inventory: Inventory | None) -> Office:
    return Office(store, settings, _zone(), inventory=inventory)


def make_notices(settings: HubSettings, store: Store) -> Notices:
    insights = StoreInsights(store, _zone(), lambda _school, _first, _last: [])
    return Notices(settings.notices, store, insights.incident, _zone(), utc_ms)


def make_guard(settings: HubSettings, store: Store) -> Guarding:
    authority = open_authority(pki_folder(settings), store, utc_ms())
    return Guarding(settings, store, authority, lambda _event: None)


def _zone() -> ZoneInfo:
    return ZoneInfo(WebSettings().time_zone)
