"""Debian's Zabbix server 6.0 with PostgreSQL, beside the hub: the same values through its trapper, one trigger an item.

Every device is a host with twelve items, and every item has a trigger that compares its last value. Requests of 250 values, as
zabbix_sender makes them, come over four connections as fast as they are answered. What counts is what stands in the tables.
"""

import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.peers import free_port
from benchmarks.processes import cpu_of_all, postmaster
from tests.postgresql import DELIVERED, Cluster

PACKAGE = "zabbix-server-pgsql"
DEVICES, ITEMS = 1600, 12
_REALS = 8
_A_REQUEST, _SENDERS = 250, 4
_PATIENCE_S = 120.0
_SCHEMA = Path("/usr/share") / PACKAGE
_HEAD = struct.Struct("<4sBII")
_FILL = f"""
INSERT INTO hosts (hostid, host, name, status) SELECT 20000 + n, 'd' || n, 'd' || n, 0 FROM generate_series(0, {DEVICES - 1}) n;
INSERT INTO items (itemid, type, hostid, name, key_, delay, value_type)
SELECT 100000 + n, 2, 20000 + n / {ITEMS}, 'm' || n % {ITEMS}, 'm' || n % {ITEMS}, '0',
       CASE WHEN n % {ITEMS} < {_REALS} THEN 0 ELSE 3 END FROM generate_series(0, {DEVICES * ITEMS - 1}) n;
INSERT INTO item_rtdata (itemid) SELECT itemid FROM items WHERE itemid >= 100000;
INSERT INTO triggers (triggerid, expression, description, status)
SELECT itemid, '{{' || itemid || '}}>1000', 'too much', 0 FROM items WHERE itemid >= 100000;
INSERT INTO functions (functionid, itemid, triggerid, name, parameter)
SELECT itemid, itemid, itemid, 'last', '$' FROM items WHERE itemid >= 100000;
"""  # noqa: S608  our own numbers
_STORED = b"SELECT (SELECT count(*) FROM history) + (SELECT count(*) FROM history_uint)"


@dataclass(frozen=True, slots=True)
class Pace:
    """Values a second that were stored, and the processor's µs for each: of the server, and of its database."""

    values: float
    server_us: float
    postgres_us: float


def measure(seconds: float) -> Pace | None:
    """None where it is not installed."""
    program = shutil.which("zabbix_server", path="/usr/sbin:/usr/bin")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        cluster = Cluster(DELIVERED)
        ends.callback(cluster.remove)
        link = ends.enter_context(_filled(cluster))
        port = free_port()
        server = ends.enter_context(_serving(program, Path(folder), cluster, port))
        return _sent(link, port, seconds, (server, postmaster(cluster.folder)))


@contextmanager
def _filled(cluster: Cluster) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    cluster.does("CREATE DATABASE zabbix")
    link = psycopg.connect(cluster.url("zabbix").replace("+psycopg", ""), autocommit=True)
    with link:
        for name in ("schema", "images", "data"):
            packed = (_SCHEMA / f"{name}.sql.gz").read_bytes()
            link.execute(zlib.decompress(packed, wbits=31), prepare=False)
        link.execute(_FILL.encode(), prepare=False)
        yield link


@contextmanager
def _serving(program: str, folder: Path, cluster: Cluster, port: int) -> Iterator[int]:
    lines = [
        *(f"Start{each}=0" for each in ("Discoverers", "HTTPPollers", "Pingers", "VMwareCollectors")),
        *(f"DBHost={cluster.folder}", "DBPort=5432", "DBName=zabbix", "DBUser=dltv", "LogType=console"),
        *(f"ListenPort={port}", "ListenIP=127.0.0.1", f"PidFile={folder}/z.pid", f"SocketDir={folder}"),
        *(
            "CacheSize=128M",
            "ValueCacheSize=64M",
            "HistoryCacheSize=64M",
            "HistoryIndexCacheSize=16M",
            "TrendCacheSize=32M",
        ),
        f"AllowRoot={int(os.geteuid() == 0)}",
    ]
    settings = folder / "zabbix.conf"
    settings.write_text("\n".join([*lines, ""]))
    log = folder / "zabbix.log"
    with log.open("wb") as said:
        server = subprocess.Popen([program, "-f", "-c", str(settings)], stdout=said, stderr=said)
        try:
            _wait_for_items(port, server, log)
            yield server.pid
        finally:
            server.terminate()
            server.wait(60)


def _wait_for_items(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """It answers before it knows its items."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            if _said(port, _request(DEVICES * ITEMS - 1, 1, time.time_ns())) == (1, 0):
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"Zabbix's server does not start: {log.read_text(errors='replace')[-2000:]}")


def _sent(link: psycopg.Connection[tuple[object, ...]], port: int, seconds: float, servers: tuple[int, int]) -> Pace:
    """servers: the processes of Zabbix and of PostgreSQL."""
    before, used, begun = _stored(link), [*map(cpu_of_all, servers)], time.monotonic()
    refused: list[int] = []
    senders = [threading.Thread(target=_send, args=(port, each, begun + seconds, refused)) for each in range(_SENDERS)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    # What it has taken it writes a moment later.
    stored = _stored(link)
    while time.monotonic() - begun < seconds + _PATIENCE_S:
        time.sleep(0.5)
        if (now := _stored(link)) == stored:
            break
        stored = now
    spent = time.monotonic() - begun
    took = [cpu_of_all(server) - before_it for server, before_it in zip(servers, used, strict=True)]
    if sum(refused):
        raise SystemExit(f"Zabbix's server refused {sum(refused)} values")
    values = stored - before
    return Pace(values / spent, took[0] / values * 1e6, took[1] / values * 1e6)


def _send(port: int, number: int, until: float, refused: list[int]) -> None:
    """Each sender has its own share of the devices."""
    share = DEVICES * ITEMS // _SENDERS
    at = number * share
    while time.monotonic() < until:
        refused.append(_said(port, _request(at, _A_REQUEST, time.time_ns()))[1])
        at += _A_REQUEST
        if at + _A_REQUEST > (number + 1) * share:
            at = number * share


def _request(first: int, many: int, now: int) -> bytes:
    """Values of so many items from one on. Put together as text: the sender shares the processor with the server."""
    clock, ns = divmod(now, 1_000_000_000)
    values = ",".join(
        f'{{"host":"d{n // ITEMS}","key":"m{n % ITEMS}","value":"{_value(n, now)}","clock":{clock},"ns":{ns}}}'
        for n in range(first, first + many)
    )
    body = f'{{"request":"sender data","data":[{values}]}}'.encode()
    return _HEAD.pack(b"ZBXD", 1, len(body), 0) + body


def _value(item: int, now: int) -> str:
    return f"{9 + (item + now // 1000) % 50 / 10}" if item % ITEMS < _REALS else "1"


def _said(port: int, request: bytes) -> tuple[int, int]:
    """How many values it has processed, and how many it refused."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as link:
        link.sendall(request)
        with link.makefile("rb") as answer:
            size = _HEAD.unpack(answer.read(_HEAD.size))[2]
            told = json.loads(answer.read(size))
    found = re.search(r"processed: (\d+); failed: (\d+)", told.get("info", ""))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _stored(link: psycopg.Connection[tuple[object, ...]]) -> int:
    row = link.execute(_STORED).fetchone()
    return int(str(row[0])) if row else 0


if __name__ == "__main__":
    print(measure(8.0))
