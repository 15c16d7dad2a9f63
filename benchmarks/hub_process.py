"""A hub as a process of its own: its settings, its start and its end, and what it says of itself."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import free_port
from benchmarks.processes import cpu_of_all

_START_S = 300.0
_FIGURE = re.compile(r"^(\w+)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """broker: its port on the loopback; store: its URL; inventory: of schools and devices; more: further settings, as TOML

    guarded  the folder with the broker's files, where the hub keeps its rules (benchmarks/guarded.py)
    """

    broker: int
    groups: Sequence[str]
    store: str
    host_id: str = ""
    inventory: object = None
    more: str = ""
    guarded: Path | None = None


class HubProcess:
    """May be started again after it was stopped."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self._folder, self._wanted, self._http = folder, wanted, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._spent = 0.0

    @property
    def config(self) -> Path:
        """Its settings, once they are written."""
        return self._folder / "hub.toml"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def cpu_s(self) -> float:
        """All starts together."""
        return self._spent + (cpu_of_all(self._process.pid) if self._process is not None else 0.0)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Until it is ready, and ended with what is done."""
        self.write()
        try:
            self.start()
            until = time.monotonic() + _START_S
            while not self.is_ready():
                if time.monotonic() > until:
                    raise SystemExit(f"the hub does not start; its log: {self._log()}")
                time.sleep(0.1)
            yield
        finally:
            self.stop()

    def start(self) -> None:
        with (self._folder / "hub.log").open("ab") as log:
            command = [sys.executable, "-m", "hub", "serve", "--config", str(self.config)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def stop(self) -> None:
        if self._process is not None:
            self._spent += cpu_of_all(self._process.pid)
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise SystemExit(f"the hub has ended; its log: {self._log()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._http}/readyz", timeout=5) as answer:
                return bool(json.load(answer)["ready"])
        except OSError:
            return False

    def _log(self) -> str:
        return (self._folder / "hub.log").read_text("utf-8", "replace")[-2000:]

    def figures(self) -> dict[str, float]:
        """Of /metrics, those of one name added up."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._http}/metrics", timeout=30) as answer:
            found: dict[str, float] = {}
            for name, value in _FIGURE.findall(answer.read().decode()):
                found[name] = found.get(name, 0.0) + float(value)
        return found

    def write(self) -> None:
        """Its settings. `running` does so by itself."""
        wanted, folder = self._wanted, self._folder
        lines = [f'data_dir = "{folder}"', f"groups = {json.dumps(list(wanted.groups))}"]
        if wanted.host_id:
            lines.append(f'host_id = "{wanted.host_id}"')
        if wanted.inventory is not None:
            (folder / "inventory.json").write_text(json.dumps(wanted.inventory), "utf-8")
            lines.append(f'inventory = "{folder / "inventory.json"}"')
        lines += ["[http]", f'listen = "127.0.0.1:{self._http}"', "[store]", f'url = "{wanted.store}"', "[broker]"]
        if wanted.guarded is None:
            lines.append(f'url = "mqtt://127.0.0.1:{wanted.broker}"')
        else:
            lines += [f'url = "mqtts://127.0.0.1:{wanted.broker}"', "rules = true", f'files = "{wanted.guarded}"']
        self.config.write_text("\n".join([*lines, wanted.more, ""]), "utf-8")
