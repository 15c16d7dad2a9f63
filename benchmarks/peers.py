"""Agents of others beside ours, each asked or telling once a minute: zabbix-agent2, collectd, node_exporter, netdata (Debian)."""

import http.client
import json
import random
import shutil
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import process

EVERY_S = 60
ITEMS = (
    *("system.cpu.util", "system.cpu.load[all,avg1]", "system.cpu.load[all,avg5]", "vm.memory.size[pavailable]"),
    *("system.swap.size[,pfree]", "vfs.fs.size[/,pused]", "vfs.fs.inode[/,pfree]", "net.if.in[lo]", "net.if.out[lo]"),
    *("system.uptime", "proc.num", "system.cpu.switches"),
)
_HEADER = struct.Struct("<4sBII")
_COMPRESSED = 2


@dataclass(frozen=True, slots=True)
class Peer:
    """pid None: it is not there, and `name` says how it would be."""

    name: str
    pid: int | None
    port: int = 0


def free_port() -> int:
    """Below those that the kernel gives to whoever connects: else, while its server starts anew, a connection may hold it, or
    whoever asks whether the server is there meets itself. Zabbix takes none above 32767 either.
    """
    for port in random.sample(range(20_000, 32_000), 1_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise SystemExit("no port is free")


@contextmanager
def _zabbix(folder: Path, command: str) -> Iterator[Peer]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        lines = ["Hostname=school", f"ServerActive=127.0.0.1:{port}", "LogType=console", "RefreshActiveChecks=3600"]
        lines += [f"PluginSocket={folder}/z.sock", f"ListenPort={free_port()}", f"ControlSocket={folder}/c.sock"]
        settings = folder / "zabbix.conf"
        settings.write_text("\n".join([*lines, "BufferSend=30"]) + "\n")
        with process([command, "-f", "-c", settings]) as pid:
            yield Peer("zabbix-agent2", pid, port)


def _serve(server: socket.socket) -> None:
    """Zabbix's side: twelve items for whoever asks, and thanks for what comes."""
    while True:
        try:
            conversation = server.accept()[0]
        except OSError:
            return
        with conversation:
            _answer(conversation)


def _answer(conversation: socket.socket) -> None:
    stream = conversation.makefile("rb")
    head = stream.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return
    _, flags, size, _ = _HEADER.unpack(head)
    body = stream.read(size)
    asked = json.loads(zlib.decompress(body) if flags & _COMPRESSED else body)
    items = [
        {"key": key, "itemid": number, "delay": f"{EVERY_S}s", "lastlogsize": 0, "mtime": 0}
        for number, key in enumerate(ITEMS, 1)
    ]
    told = {"response": "success", "data": items} if asked["request"] == "active checks" else {"response": "success"}
    said = json.dumps(told).encode()
    conversation.sendall(_HEADER.pack(b"ZBXD", 1, len(said), 0) + said)


@contextmanager
def _collectd(folder: Path, command: str) -> Iterator[Peer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        port = sink.getsockname()[1]
        plugins = ("cpu", "load", "memory", "df", "disk", "interface", "swap", "processes", "uptime", "network")
        lines = [f'BaseDir "{folder}"', f'PIDFile "{folder}/collectd.pid"', f"Interval {EVERY_S}"]
        lines += [f"LoadPlugin {each}" for each in plugins]
        lines += ["<Plugin network>", f'Server "127.0.0.1" "{port}"', "</Plugin>"]
        settings = folder / "collectd.conf"
        settings.write_text("\n".join(lines) + "\n")
        with process([command, "-f", "-C", settings]) as pid:
            yield Peer("collectd", pid, port)


@contextmanager
def _exporter(_folder: Path, command: str) -> Iterator[Peer]:
    port = free_port()
    with process([command, f"--web.listen-address=127.0.0.1:{port}"]) as pid, _asking(port, "/metrics"):
        yield Peer("prometheus-node-exporter", pid, port)


@contextmanager
def _netdata(folder: Path, command: str) -> Iterator[Peer]:
    port, home = free_port(), folder / "netdata"
    for name in ("cache", "lib", "log", "etc"):
        (home / name).mkdir(parents=True)
    lines = ["[global]", "run as user = root", "[directories]"]
    lines += [f"{name} = {home}/{short}" for name, short in (("cache", "cache"), ("lib", "lib"), ("log", "log"))]
    lines += [f"config = {home}/etc", "[web]", f"bind to = 127.0.0.1:{port}", "[cloud]", "enabled = no"]
    settings = home / "netdata.conf"
    settings.write_text("\n".join(lines) + "\n")
    with process([command, "-D", "-c", settings]) as pid, _asking(port, "/api/v1/allmetrics?format=prometheus"):
        yield Peer("netdata", pid, port)


@contextmanager
def _asking(port: int, path: str) -> Iterator[None]:
    """Once a minute, as who gathers it would."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(EVERY_S):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                connection.getresponse().read()
            except OSError:
                continue
            finally:
                connection.close()

    threading.Thread(target=ask, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


Run = Callable[[Path, str], AbstractContextManager["Peer"]]
PACKAGES: dict[str, tuple[str, Run]] = {
    "zabbix-agent2": ("zabbix_agent2", _zabbix),
    "collectd-core": ("collectd", _collectd),
    "prometheus-node-exporter": ("prometheus-node-exporter", _exporter),
    "netdata-core": ("netdata", _netdata),
}
"""Debian's packages: their programs, and how each is run."""


@contextmanager
def _missing(package: str) -> Iterator[Peer]:
    yield Peer(f"{package}: not there; apt-get install --no-install-recommends {package}", None)


def peers(folder: Path) -> Iterator[AbstractContextManager[Peer]]:
    for package, (program, run) in PACKAGES.items():
        command = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
        yield _missing(package) if command is None else run(folder, command)
