"""The four files of the demo classroom speak of one and the same room."""

import json
import tomllib
from typing import Any

import pytest

from bench.__main__ import DEMO, DIRECTORY


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO.parent / name).read_text("utf-8"))


@pytest.fixture
def bench() -> dict[str, Any]:
    return {device["key"]: device for device in table("bench.toml")["device"]}


@pytest.fixture
def devices() -> dict[str, dict[str, Any]]:
    return {device["key"]: device for device in table("agent.toml")["device"]}


@pytest.fixture
def inventory() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((DEMO.parent / "inventory.json").read_text("utf-8"))
    return parsed


def test_the_agent_looks_where_the_bench_listens(bench: dict[str, Any], devices: dict[str, dict[str, Any]]) -> None:
    assert {key: device["address"] for key, device in devices.items()} == {
        "p1-tv": f"serial:{DIRECTORY / bench['p1-tv']['line']}",
        "p1-projector": f"tcp://127.0.0.1:{bench['p1-projector']['port']}",
        "p1-receiver": f"http://127.0.0.1:{bench['p1-receiver']['port']}",
    }


def test_the_agent_knows_set_and_password(bench: dict[str, Any], devices: dict[str, dict[str, Any]]) -> None:
    assert devices["p1-tv"]["set_id"] == bench["p1-tv"]["set_id"]
    assert devices["p1-projector"]["password"] == bench["p1-projector"]["password"]


def test_the_inventory_names_what_the_agent_reads(inventory: dict[str, Any], devices: dict[str, Any]) -> None:
    named = {device["device"]: (device["profile"], device["room"]) for device in inventory["devices"]}
    assert named == {key: (device["profile"], device["room"]) for key, device in devices.items()}
    assert {device["school"] for device in inventory["devices"]} == {table("agent.toml")["node"]}
    assert [school["code"] for school in inventory["schools"]] == [table("agent.toml")["node"]]


def test_agent_and_hub_meet_in_one_group_at_one_broker(inventory: dict[str, Any]) -> None:
    agent, hub = table("agent.toml"), table("hub.toml")
    assert hub["groups"] == [agent["group"]] == [inventory["district"]["code"]]
    assert agent["uplink"]["broker"] == f"mqtt://{hub['mqtt']['listen']}"


def test_the_demo_shows_its_faults_within_a_minute() -> None:
    detection = table("hub.toml")["detection"]
    waits = [
        value * 60 for name, value in detection.items() if name.endswith("_class_min") and name != "offline_class_min"
    ]
    assert waits
    assert max(waits) <= 30
