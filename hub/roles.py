"""A hub of several processes on one PostgreSQL: each does one part of the work, and takes over from those that are gone.

web     the pages, the API, and where computers join
ingest  its part of the districts: takes their reports in and judges them
worker  what the hub does by itself: notices, chores, what is too old. One does it, others stand by
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from enum import StrEnum

from prometheus_client import generate_latest

from hub.config import HubSettings, Listen
from hub.ingest_part import IngestPart
from hub.numbers_port import NumbersPort
from hub.parts_made import RolePart, make_registry
from hub.store.directory import DataDirectory
from hub.store.errors import StoreError
from hub.store.inventory import read_inventory
from hub.store.opening import open_store
from hub.web_part import WebPart
from hub.worker_part import WorkerPart

log = logging.getLogger(__name__)


class Role(StrEnum):
    WEB = "web"
    INGEST = "ingest"
    WORKER = "worker"


class CannotDivide(StoreError):
    """The work of this hub cannot be divided among processes."""


class Process:
    """One process of a hub, in some of its roles: the counterpart of `App`, which does everything alone."""

    def __init__(self, settings: HubSettings, roles: Sequence[Role], numbers: Listen | None = None) -> None:
        """`numbers`: where this process tells its own, besides on its pages. Raises CannotDivide, and what `App` raises."""
        _refuse_what_cannot_be_divided(settings)
        self.settings = settings
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        with ExitStack() as claims:
            claims.callback(DataDirectory(settings.data_dir, shared=True).release)
            self._store = open_store(settings.store_url)
            claims.callback(self._store.close)
            if not self._store.can_be_shared:
                raise CannotDivide(
                    "several processes share a hub on PostgreSQL only: name it with store.url, or leave --role out"
                )
            self._inventory = read_inventory(settings.inventory) if settings.inventory else None
            self._registry = make_registry()
            around = (settings, self._store, self._inventory, self.name)
            makers: Mapping[Role, Callable[[], RolePart]] = {
                Role.WEB: lambda: WebPart(*around, self.metrics),
                Role.INGEST: lambda: IngestPart(*around, self._registry),
                Role.WORKER: lambda: WorkerPart(*around, self._registry),
            }
            self.parts: dict[Role, RolePart] = {}
            for role in dict.fromkeys(roles):
                self.parts[role] = makers[role]()
            self._numbers = NumbersPort(numbers, self.metrics, self.troubles) if numbers else None
            self._claims = claims.pop_all()

    @property
    def numbers(self) -> int | None:
        """The port at which they are told."""
        return self._numbers.port if self._numbers else None

    def metrics(self) -> bytes:
        """What this process counts; and, where it watches over the hub, what it sees of it."""
        worker = self.parts.get(Role.WORKER)
        return generate_latest(self._registry) + (worker.metrics() if isinstance(worker, WorkerPart) else b"")

    def troubles(self) -> Mapping[str, str]:
        """Of each part that does not do what it should, why."""
        return {role.value: part.trouble for role, part in self.parts.items() if part.trouble}

    def start(self) -> None:
        if self._numbers is not None:
            self._numbers.start()
        for part in self.parts.values():
            part.start()
        log.info("%s is %s of the hub", self.name, " and ".join(self.parts))

    def stop(self) -> None:
        if self._numbers is not None:
            self._numbers.stop()
        for part in self.parts.values():
            part.stop()
        self._claims.close()


def _refuse_what_cannot_be_divided(settings: HubSettings) -> None:
    if settings.broker_url is None:
        raise CannotDivide(
            "several processes need a broker that is none of theirs: name it with --broker, or leave --role out"
        )
    if settings.host_id is not None:
        raise CannotDivide(
            "host_id: of several processes each district has a host id of its own; leave it out, or --role"
        )
