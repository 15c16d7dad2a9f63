"""A hub of several processes, here in one: real PostgreSQL and Mosquitto, each process assembled as `serve --role` does."""

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.config import HubSettings, Listen
from hub.numbers_port import NumbersPort
from hub.roles import Process, Role
from hub.store.leases import Leases
from hub.store.opening import open_store
from hub.watching.settings import WatchSettings
from hub.watching.signs import Signs
from hub.watching.troubles import Trouble, troubles
from hub.web.server import CannotListen
from hub.web_part import WebPart
from hub.worker_part import Districts
from tests.conftest import PATIENCE_S, Mosquitto
from tests.postgresql import databases
from wire import controls
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, encode
from wire.topics import MessageType, Topic

NOW = 1_795_157_100_000
ANYWHERE = Listen(host="127.0.0.1", port=0)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def said(port: int | None, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


def number(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else -1.0


@pytest.fixture
def settings(tmp_path: Path, mosquitto: Mosquitto) -> HubSettings:
    return HubSettings.model_validate(
        {
            "data_dir": tmp_path / "hub",
            "groups": ["cpm3"],
            "store": {"url": databases().at(tmp_path / "hub.db")},
            "broker": {"url": mosquitto.url},
            "http": {"listen": "127.0.0.1:0"},
            "accounts": {"demo": True},
        }
    )


@pytest.fixture
def processes(settings: HubSettings) -> Iterator[dict[Role, Process]]:
    with ExitStack() as ends:
        made = {}
        for role in Role:
            process = made[role] = Process(settings, [role], ANYWHERE)
            ends.callback(process.stop)
            process.start()
        yield made


@pytest.fixture
def school(mosquitto: Mosquitto) -> Iterator[Callable[[], None]]:
    """Says that it is there, each time it is asked to."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()
    metrics = [Metric(BDSEQ, 0, DataType.INT64), *controls.declarations(NOW)]

    def be_born() -> None:
        birth = encode(metrics, timestamp=time.time_ns() // 1_000_000, seq=0)
        client.publish(str(Topic("cpm3", MessageType.NBIRTH, "36010001")), birth, qos=1)

    yield be_born
    client.disconnect()
    client.loop_stop()


def signed_in(base: str) -> urllib.request.OpenerDirector:
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = urllib.parse.urlencode({"role": "technician", "next": "/account"}).encode()
    visitor.open(urllib.request.Request(f"{base}/sign-in/demo", form, {"Origin": base}), timeout=PATIENCE_S).close()
    return visitor


@pytest.mark.e2e
def test_each_process_tells_its_own_numbers_and_an_open_page_hears_what_another_takes_in(
    processes: dict[Role, Process], school: Callable[[], None]
) -> None:
    web, ingest, worker = (processes[role] for role in Role)
    [pages] = web.parts.values()
    assert isinstance(pages, WebPart)
    until(lambda: number(said(ingest.numbers), "dltv_broker_connected") == 1)
    base = f"http://{pages.http}"
    with signed_in(base).open(f"{base}/live?topic=fleet", timeout=PATIENCE_S) as stream:
        until(lambda: stream.readline().startswith(b"event: hello"))
        school()
        until(lambda: stream.readline() == b"event: fleet\n")

    numbers = said(ingest.numbers)
    assert number(numbers, 'dltv_messages_total{type="NBIRTH"}') == 1
    assert number(numbers, "dltv_districts") == 1
    assert json.loads(said(ingest.numbers, "/readyz")) == {"ready": True, "reasons": {}}
    until(lambda: 'dltv_trouble{trouble="ingest_stopped"} 0.0' in said(worker.numbers))
    assert number(said(worker.numbers), "dltv_works") == 1
    assert "dltv_trouble" not in numbers
    assert "dltv_districts" not in said(web.numbers)


def signs(now: int) -> dict[str, int | None]:
    return {"stepped_at": now, "connected_at": now, "parted_at": None, "heard_at": now, "idle_at": now, "at": now}


def test_of_a_district_that_nobody_takes_in_any_more_it_is_known_since_when(tmp_path: Path) -> None:
    store = open_store(databases().at(tmp_path / "hub.db"))
    leases = Leases(store, "one", "ingest")
    leases.renew(["district cpm3", "district cpm4"])
    districts = Districts(store, ["cpm3", "cpm4"], NOW - 1000)
    assert districts.look(NOW).stepped_at == NOW - 1000
    leases.tell({"district cpm3": signs(NOW), "district cpm4": signs(NOW)})
    assert districts.look(NOW).stepped_at == NOW
    later = NOW + 3_600_000
    leases.tell({"district cpm4": signs(later)})
    leases.leave()
    seen = districts.look(later)
    store.close()
    assert (seen.stepped_at, seen.heard_at, seen.idle_at) == (NOW, later, later)
    whole = Signs(later, NOW, seen.stepped_at, seen.connected_at, seen.parted_at, seen.heard_at, seen.idle_at, 5, 0.5)
    assert troubles(whole, WatchSettings()) == {Trouble.INGEST_STOPPED: NOW}


def test_numbers_are_shown_to_who_asks_for_them_and_nothing_else() -> None:
    port = NumbersPort(ANYWHERE, lambda: b"one 1\n", lambda: {"ingest": "the database is gone"})
    port.start()
    try:
        assert said(port.port) == "one 1\n"
        for path, status in (("/readyz", 503), ("/", 404), ("/../hub.toml", 404)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                said(port.port, path)
            assert refused.value.code == status
            refused.value.close()
        with pytest.raises(CannotListen, match="--metrics"):
            NumbersPort(Listen(host="127.0.0.1", port=port.port), lambda: b"", dict)
    finally:
        port.stop()
