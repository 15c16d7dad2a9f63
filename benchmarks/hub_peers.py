"""What the same machine does with the same reports when less is asked of it: the ceilings beside the hub's figure."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import insert

from benchmarks import hub_zabbix, processes
from benchmarks.hub_load import RECEIVERS
from hub.core.reports import Sample
from hub.store.bodies import pack
from hub.store.bulk import insert_new
from hub.store.opening import open_store
from hub.store.tables import device, epoch, node, report
from wire.metrics import DataType

Condition = Callable[[], bool]
METRICS = 12
_ZABBIX_S = 10.0
_ROWS = 200_000
_BATCH = 1000
_FLOOD, _LISTEN_S = 60_000, 5
_SETTLE_S, _QUIET_S = 1.0, 3.0
_BIRTHS = 200 * (RECEIVERS + 1)
_HEAR_S = 120.0


def tell(pace: float) -> None:
    """What others make of it; `pace`: reports a second that the hub has taken."""
    bare = bare_insert()
    print(
        f"  a bare insert of the same rows: {bare:,.0f} a second of the processor; the hub takes {pace / bare:.1%} of that"
    )
    told, each = noop_subscriber()
    print(
        f"  a paho subscriber that does nothing: {told:,.0f} a second by the clock, {each:.1f} µs of the processor each; "
        f"the hub takes {pace / told:.0%} of that",
        flush=True,
    )
    zabbix = hub_zabbix.measure(_ZABBIX_S)
    if zabbix is None:
        print(f"  Zabbix is not there: apt-get install --no-install-recommends {hub_zabbix.PACKAGE}")
        return
    print(
        f"  Zabbix's server: {zabbix.values:,.0f} values a second, which are {zabbix.values / METRICS:,.0f} reports, each "
        f"{zabbix.server_us * METRICS:.0f} µs of the processor and {zabbix.postgres_us * METRICS:.0f} of PostgreSQL's; "
        f"the hub takes {pace * METRICS / zabbix.values:.0%} of that"
    )


def noop_subscriber() -> tuple[float, float]:
    """The same messages, subscribed as the hub does and counted: how many a second, and its processor time for each (µs)."""
    with tempfile.TemporaryDirectory() as folder, processes.broker(Path(folder)) as (_, port):
        command = [sys.executable, "-m", "benchmarks.hub_peers", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as subscriber:
            assert subscriber.stdout is not None
            subscriber.stdout.readline()
            said = {"port": port, "rate": _FLOOD, "seconds": _LISTEN_S, "settle": _SETTLE_S, "journal": 9}
            speaking = [
                sys.executable,
                "-m",
                "benchmarks.hub_load",
                *(f"--{name}={value}" for name, value in said.items()),
            ]
            subprocess.run(speaking, check=True, stdout=subprocess.DEVNULL)
            found = json.loads(subscriber.stdout.read())
    return found["told"] / found["seconds"], found["cpu"] / found["told"] * 1e6


def listen(port: int) -> None:
    """In a process of its own, until nothing comes any more. Births come before the flood."""
    told: list[float] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda *_: told.append(time.monotonic())
    client.connect("127.0.0.1", port)
    client.subscribe("spBv1.0/#", 1)
    while not client.is_connected() or client.want_write():
        client.loop(0.1)
    print("listening", flush=True)
    used, until = 0.0, time.monotonic() + _HEAR_S
    while time.monotonic() < (told[-1] + _QUIET_S if len(told) > _BIRTHS else until):
        if len(told) <= _BIRTHS:
            used = time.process_time()
        client.loop(0.5)
    flood = told[_BIRTHS:]
    seconds = flood[-1] - flood[0]
    print(json.dumps({"told": len(flood), "seconds": seconds, "cpu": time.process_time() - used}))


def bare_insert() -> float:
    """Rows a second of the processor, SQLite as the hub opens it, with its index, a thousand in a transaction."""
    ids = {(f"m{number}", DataType.FLOAT): number for number in range(12)}
    body = pack({f"m{number}": Sample(12.5 + number, DataType.FLOAT) for number in range(12)}, ids)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'hub.db'}")
        with store.begin() as work:
            school = {"id": 1, "group": "g", "name": "n", "school": "n", "properties": {}}
            work.connection.execute(insert(node).values(**school))
            for number in range(1, 201):
                journal = {"id": number, "node_id": 1, "uuid": str(number), "ours": False, "newest": 0, "judged": 0}
                work.connection.execute(insert(epoch).values(**journal, first_seen=0))
                named = {"id": number, "node_id": 1, "key": str(number), "kind": "tv", "properties": {}, "latest": {}}
                work.connection.execute(insert(device).values(**named))
        begun = time.process_time()
        for at in range(0, _ROWS, _BATCH):
            rows = [
                (each % 200 + 1, each // 200 + 1, each % 200 + 1, 1_790_000_000_000 + each, body)
                for each in range(at, at + _BATCH)
            ]
            with store.begin() as work:
                insert_new(work.connection, report, sorted(rows))
        spent = time.process_time() - begun
        store.close()
    return _ROWS / spent


if __name__ == "__main__":
    listen(int(sys.argv[1]))
