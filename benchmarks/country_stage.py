"""A broker, a hub and its database for a simulated country, each a process of its own; the hub can be restarted in the middle."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from benchmarks.databases import Database
from benchmarks.hub_process import HubProcess, Wanted
from benchmarks.processes import broker, cpu_of_all


class Stage:
    def __init__(self, folder: Path, database: Database, host_id: str, groups: Sequence[str]) -> None:
        self._folder, self.database = folder, database
        self._wanted = (host_id, tuple(groups))
        self._cpu = {"hub": 0.0, "broker": 0.0, "database": 0.0}
        self._memory = {"hub": 0.0, "broker": 0.0}

    @contextmanager
    def running(self) -> Iterator[None]:
        host_id, groups = self._wanted
        with ExitStack() as ends:
            self._broker, self.port = ends.enter_context(broker(self._folder))
            self._hub = HubProcess(self._folder, Wanted(self.port, groups, self.database.url, host_id))
            self._begun = time.monotonic()
            ends.enter_context(self._hub.running())
            yield

    def restart(self, look: Callable[[], None]) -> None:
        """Returns when it is ready again."""
        self._hub.stop()
        self._hub.start()
        while not self._hub.is_ready():
            look()

    def look(self) -> None:
        """At what is used now."""
        for name, pid in (("hub", self._hub.pid), ("broker", self._broker)):
            self._memory[name] = max(self._memory[name], psutil.Process(pid).memory_info().rss / 1e6)
        self._cpu["hub"], self._cpu["broker"] = self._hub.cpu_s, cpu_of_all(self._broker)
        if self.database.server is not None:
            self._cpu["database"] = cpu_of_all(self.database.server)

    @property
    def hub_cpu_s(self) -> float:
        return self._cpu["hub"]

    def told(self) -> str:
        self.look()
        memory = ", ".join(f"{name} {most:.0f} MB" for name, most in self._memory.items())
        gone = time.monotonic() - self._begun
        shares = [f"{name} {spent:.0f} s ({spent / gone:.0%} of a core)" for name, spent in self._cpu.items() if spent]
        cpu = ", ".join(shares)
        return f"memory at most: {memory}; processor: {cpu}"
