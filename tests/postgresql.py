"""A PostgreSQL of our own for the tests of one process: made when it is first asked for, gone with the process.

Every database of it is a copy of one that holds the tables and nothing else.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg

from hub.store.engine import open_engine, upgrade

_PROGRAMS = Path("/usr/lib/postgresql")
HASTY: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "400",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "64MB",
}
"""A power cut would spoil it, and it is the faster for it."""
LASTING: Mapping[str, str] = {**HASTY, "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""What it has said is kept, on little room."""
DELIVERED: Mapping[str, str] = {"listen_addresses": "", "max_connections": "400"}
"""As Debian delivers it, but for who may connect."""
_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30
_KEPT = 24
"""Databases that stay behind those who used them; what a test holds open stays in any case."""
_PATIENCE_S = 60.0


class DoesNotStart(AssertionError):
    """As it says itself."""


class Cluster:
    """A server on a socket of its own."""

    def __init__(self, settings: Mapping[str, str] = HASTY, *, port: int = 0, within: Path | None = None) -> None:
        """`port`: on the loopback as well. `within`: the folder that it is made in."""
        self.folder = Path(
            tempfile.mkdtemp(prefix="dltv-pg-", dir=within or (_memory() if settings is HASTY else None))
        )
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._programs = max(_PROGRAMS.glob("*/bin"), key=lambda place: int(place.parent.name))
        self._settings = {**settings, "unix_socket_directories": str(self.folder)}
        if port:
            self._settings |= {"listen_addresses": "127.0.0.1", "port": str(port)}
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [*self._as_somebody(), str(self._programs / "initdb"), "--no-sync", "--auth=trust", "--username=dltv",
             "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(self._data)],
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        atexit.register(self.remove)
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://dltv@/{database}?host={self.folder}&port={self._port}"

    def start(self) -> None:
        """Returns when it accepts connections. Raises DoesNotStart."""
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_somebody(), str(self._programs / "postgres"), "-D", str(self._data), *settings],
                stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise DoesNotStart(self._log.read_text("utf-8", "replace"))
            time.sleep(0.02)

    def stop(self) -> None:
        """At once, as a power cut of the database's machine would look to those who are connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_PATIENCE_S)
            self._process = None

    def kill(self, *, one: bool = False) -> None:
        """SIGKILL of all its processes at once. `one`: of one that serves somebody; the others then begin anew by themselves.

        One that is down already has none.
        """
        if self._process is None or not self.running:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in [int(children[-1])] if one and children else [self._process.pid, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not one:
            self._process.wait(_PATIENCE_S)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._log.unlink(missing_ok=True)

    def does(self, sql: str) -> list[tuple[object, ...]]:
        """As its administrator."""
        with psycopg.connect(
            host=str(self.folder), port=self._port, user="dltv", dbname="postgres", autocommit=True
        ) as administrator:
            done = administrator.execute(sql.encode())
            return done.fetchall() if done.description else []

    @property
    def _port(self) -> str:
        return self._settings.get("port", "5432")

    @property
    def _log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"

    def _answers(self) -> bool:
        try:
            self.does("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    @staticmethod
    def _as_somebody() -> list[str]:
        """The server does not run as root, and ends when we do, however we end."""
        who = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        become = [f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"] if who else []
        return ["setpriv", *become, "--pdeathsig=QUIT"]


class Databases:
    """Those of one cluster, by the file that a test would keep them in on SQLite."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._names: dict[Path, str] = {}
        self._behind: deque[Path] = deque()
        self._made = 0
        self.blank("empty")
        engine = open_engine(cluster.url("empty"))
        upgrade(engine)
        engine.dispose()

    def blank(self, name: str) -> str:
        """One without any table."""
        self.cluster.does(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.cluster.url(name)

    def at(self, path: Path, like: Path | None = None) -> str:
        """The database that belongs to this path; a new one is as that of another path, or holds empty tables."""
        path, like = path.resolve(), like and like.resolve()
        if path not in self._names:
            self._made += 1
            name = f"test_{self._made}"
            if like is not None and like in self._behind:
                # It will be asked for again.
                self._behind.remove(like)
            origin = self._names[like] if like else "empty"
            self.cluster.does(f"CREATE DATABASE {name} TEMPLATE {origin} STRATEGY FILE_COPY")
            self._names[path] = name
            self._behind.append(path)
            self._clear_away()
        return self.cluster.url(self._names[path])

    def drop(self, path: Path) -> None:
        """The next that is asked for at this path is new."""
        if (name := self._names.pop(path.resolve(), None)) is not None:
            self._behind.remove(path.resolve())
            self.cluster.does(f"DROP DATABASE {name} WITH (FORCE)")

    def _clear_away(self) -> None:
        """Half of those that are left behind at once, but for those in use."""
        if len(self._behind) <= _KEPT:
            return
        in_use = {name for [name] in self.cluster.does("SELECT datname FROM pg_stat_activity")}
        for _ in range(_KEPT // 2):
            oldest = self._behind.popleft()
            if self._names[oldest] in in_use:
                self._behind.append(oldest)
            else:
                self.cluster.does(f"DROP DATABASE {self._names.pop(oldest)}")


def _memory() -> Path | None:
    """Where hundreds of small files are made in no time, if there is room."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


@cache
def databases() -> Databases:
    """Of this process."""
    return Databases(Cluster())
