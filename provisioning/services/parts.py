"""What the services are made of: the ports, the layout, and what is remembered."""

from dataclasses import dataclass

from provisioning.core.layout import Layout
from provisioning.core.record import MAX_RECORD_BYTES, Record, decode, encode
from provisioning.ports import (
    AgentState,
    Clock,
    Files,
    Hubs,
    Keys,
    Repositories,
    ServiceManager,
    Workshop,
)


class Memory:
    """The record on the disk. What is kept is durable on return."""

    def __init__(self, layout: Layout, files: Files) -> None:
        self._layout, self._files = layout, files
        self._record = decode(files.read(layout.record, MAX_RECORD_BYTES))

    @property
    def record(self) -> Record:
        return self._record

    def keep(self, record: Record) -> None:
        if record != self._record:
            self._files.folder(self._layout.own, 0o700)
            self._files.write(self._layout.record, encode(record), 0o600)
            self._record = record


@dataclass(frozen=True, slots=True)
class Parts:
    """platform: as bundles are named."""

    layout: Layout
    platform: str
    files: Files
    keys: Keys
    clock: Clock
    hubs: Hubs
    repositories: Repositories
    workshop: Workshop
    services: ServiceManager
    agent: AgentState
    memory: Memory
