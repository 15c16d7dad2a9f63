"""The hub, assembled, in this process: from a broker to the API, and to its end."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.app import App
from hub.config import read_settings
from tools.visit import Visit
from wire.hoststate import HostState
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, encode

pytestmark = pytest.mark.e2e
Probe = Callable[[], Any]


def wait_until(what: str, probe: Probe, patience_s: float = 60) -> Any:
    deadline = time.monotonic() + patience_s
    while not (answer := probe()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {patience_s:.0f} s in vain for: {what}")
        time.sleep(0.02)
    return answer


def answer(app: App, path: str) -> tuple[int, Any]:
    """What a technician is told."""
    try:
        return 200, Visit(f"http://{app.http}").get(path)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Start a hub on free ports: start(groups=[…], broker__url=…)."""
    running: list[App] = []

    def starter(**given: object) -> App:
        defaults = {"data_dir": str(tmp_path / "hub"), "http.listen": "127.0.0.1:0", "mqtt.listen": "127.0.0.1:0"}
        defaults |= {"accounts.demo": True}
        overrides = defaults | {key.replace("__", "."): value for key, value in given.items()}
        running.append(App(read_settings(None, {}, overrides)))
        running[-1].start()
        return running[-1]

    yield starter
    for app in running:
        app.stop()


@pytest.fixture
def client() -> Iterator[Callable[[str], mqtt.Client]]:
    made: list[mqtt.Client] = []

    def connect(url: str) -> mqtt.Client:
        one = mqtt.Client(CallbackAPIVersion.VERSION2)
        one.connect("127.0.0.1", int(url.rpartition(":")[2]))
        one.loop_start()
        made.append(one)
        wait_until("a connection", one.is_connected)
        return one

    yield connect
    for one in made:
        one.disconnect()
        one.loop_stop()


def births(now: int) -> list[tuple[str, bytes]]:
    own = [
        Metric(BDSEQ, 0, DataType.INT64, now),
        Metric("host/uptime_s", 77, DataType.INT64, now),
        Metric("Properties/os", "Linux", DataType.STRING, now),
    ]
    tv = [Metric("power/on", True, DataType.BOOLEAN, now), Metric("Properties/kind", "tv", DataType.STRING, now)]
    return [
        ("spBv1.0/demo/NBIRTH/77770001", encode(own, timestamp=now, seq=0)),
        ("spBv1.0/demo/DBIRTH/77770001/p1-tv", encode(tv, timestamp=now, seq=1)),
    ]


def test_what_a_node_says_stands_in_the_api_and_the_inventory_names_its_school(
    start: Any, client: Any, tmp_path: Path
) -> None:
    inventory = tmp_path / "inventory.json"
    school = {"code": "77770001", "name": "Invented School"}
    inventory.write_text(json.dumps({"district": {"code": "demo", "name": "D"}, "schools": [school]}))
    app = start(groups=["demo"], inventory=str(inventory))
    wait_until("the hub to be ready", lambda: answer(app, "/readyz")[0] == 200)
    node = client(app.mqtt)
    for topic, payload in births(time.time_ns() // 1_000_000):
        node.publish(topic, payload)
    path = "/api/v1/nodes/demo/77770001"
    wait_until("the node", lambda: answer(app, path)[0] == 200)
    told = answer(app, path)[1]
    assert (told["online"], told["school_name"]) == (True, "Invented School")
    device = wait_until("its TV", lambda: answer(app, f"{path}/devices/p1-tv")[1].get("values"))
    assert device["power/on"]["value"] is True


def test_garbage_is_counted_for_the_operator(start: Any, client: Any) -> None:
    app = start(groups=["demo"])
    wait_until("the hub to be ready", lambda: answer(app, "/readyz")[0] == 200)
    client(app.mqtt).publish("spBv1.0/demo/NDATA/x", b"\xff\xff")

    def metrics() -> str:
        with urllib.request.urlopen(f"http://{app.http}/metrics", timeout=60) as response:
            return str(response.read().decode())

    wait_until("the count", lambda: 'dltv_messages_rejected_total{reason="undecodable"} 1.0' in metrics())
    wait_until("the queue to be empty", lambda: "dltv_queue_depth 0.0" in metrics())


def test_each_group_has_its_host_and_all_say_goodbye(start: Any, client: Any) -> None:
    app = start(groups=["a1", "b1"])
    heard: dict[str, list[HostState]] = {}
    listener = client(app.mqtt)
    listener.on_message = lambda _c, _u, message: heard.setdefault(message.topic.rpartition("/")[2], []).append(
        HostState.decode(message.payload)
    )
    listener.subscribe("spBv1.0/STATE/+", 1)
    wait_until("both", lambda: {"hub-a1", "hub-b1"} <= set(heard))
    began = time.monotonic()
    app.stop()
    assert time.monotonic() - began < 60
    assert [states[-1].online for states in heard.values()] == [False, False]


def test_a_broker_that_is_not_there_leaves_the_web_up_and_the_hub_not_ready(start: Any, free_port: Any) -> None:
    port = free_port()
    app = start(broker__url=f"mqtt://127.0.0.1:{port}")
    wait_until("the web", lambda: answer(app, "/healthz")[0] == 200)
    code, told = wait_until("a reason", lambda: answer(app, "/readyz"))
    assert code == 503
    assert str(port) in told["reasons"]["host hub-dltv"]
    began = time.monotonic()
    app.stop()
    assert time.monotonic() - began < 60


def test_a_mail_server_that_is_not_there_leaves_the_hub_ready(start: Any, free_port: Any) -> None:
    people = [{"address": "somchai@school.example"}]
    smtp = f"smtp://127.0.0.1:{free_port()}"
    app = start(notices__smtp=smtp, notices__from="hub@district.example", notices__people=people)
    wait_until("the hub to be ready", lambda: answer(app, "/readyz")[0] == 200)
    began = time.monotonic()
    app.stop()
    assert time.monotonic() - began < 60


def test_an_external_broker_is_used_instead_of_the_embedded_one(start: Any, mosquitto: Any, client: Any) -> None:
    app = start(groups=["demo"], broker__url=mosquitto.url, host_id="country")
    wait_until("the hub to be ready", lambda: answer(app, "/readyz")[0] == 200)
    assert app.mqtt == mosquitto.url
    heard: list[str] = []
    listener = client(mosquitto.url)
    listener.on_message = lambda _c, _u, message: heard.append(message.topic)
    listener.subscribe("spBv1.0/STATE/+", 1)
    wait_until("its STATE", lambda: heard)
    assert set(heard) == {"spBv1.0/STATE/country"}


def test_what_was_kept_is_there_after_a_restart(start: Any, client: Any) -> None:
    app = start(groups=["demo"])
    wait_until("the hub to be ready", lambda: answer(app, "/readyz")[0] == 200)
    node = client(app.mqtt)
    for topic, payload in births(time.time_ns() // 1_000_000):
        node.publish(topic, payload)
    wait_until("the node", lambda: answer(app, "/api/v1/nodes/demo/77770001")[0] == 200)
    app.stop()
    again = start(groups=["demo"])
    assert answer(again, "/api/v1/nodes/demo/77770001")[1]["properties"]["os"] == "Linux"


def test_other_settings_are_tried_on_what_the_hub_holds(start: Callable[..., App], client: Callable[..., Any]) -> None:
    hub = start(groups=["demo"])
    wait_until("the hub to be ready", lambda: answer(hub, "/readyz")[0] == 200)
    node = client(hub.mqtt)
    for topic, payload in births(int(time.time() * 1000)):
        node.publish(topic, payload, qos=1)
    wait_until("the node", lambda: answer(hub, "/api/v1/nodes")[1]["items"])
    with httpx.Client(base_url=f"http://{hub.http}", headers={"Sec-Fetch-Site": "same-origin"}) as person:
        person.post("/sign-in/demo", data={"role": "technician"})
        word = re.findall(r'name="csrf" value="(\w+)"', person.get("/whatif").text)
        wish = {"silent_class_min": "25", "days": "1", "csrf": word[0]}
        assert person.post("/whatif", data=wish).headers["location"] == "/whatif#trial"

        def outcome() -> str:
            text = person.get("/whatif?lang=en").text
            return text if "would come" in text or "did not come to its end" in text else ""

        assert "did not come to its end" not in wait_until("the outcome", outcome, 60)
