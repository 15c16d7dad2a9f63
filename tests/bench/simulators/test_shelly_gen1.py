"""The first generation of Shelly: energy in watt-minutes, heat in three places."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators import shelly_gen1
from bench.stations import Request


@pytest.fixture
def plug(lone: Callable[..., Any]) -> Any:
    return lone("shelly-gen1")


def ask(plug: Any, target: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(shelly_gen1.page(plug.unit, Request("GET", target)).body)
    return parsed


def test_the_status_holds_relay_and_meter(plug: Any) -> None:
    status = ask(plug, "/status")
    assert status["relays"] == [ask(plug, "/relay/0")]
    assert status["meters"] == [ask(plug, "/meter/0")]
    assert status["relays"][0]["ison"] is True
    assert status["meters"][0]["power"] == 84.0
    assert status["meters"][0]["is_valid"] is True
    assert status["uptime"] == 3600


def test_energy_is_counted_in_watt_minutes(plug: Any) -> None:
    assert ask(plug, "/meter/0")["total"] == 845_580


def test_it_tells_what_it_is(plug: Any) -> None:
    assert ask(plug, "/shelly")["type"] == "SHPLG-S"


def test_heat_is_told(plug: Any) -> None:
    assert ask(plug, "/status")["overtemperature"] is False
    plug.break_("hot")
    status = ask(plug, "/status")
    assert status["overtemperature"] is True
    assert status["temperature"] == status["tmp"]["tC"] > 90


def test_without_a_load_no_watt_flows(plug: Any) -> None:
    plug.break_("no-load")
    assert ask(plug, "/meter/0")["power"] == 0.0
    assert ask(plug, "/relay/0")["ison"] is True


def test_what_it_refuses_and_what_it_has_not(plug: Any) -> None:
    assert shelly_gen1.page(plug.unit, Request("GET", "/nothing")).status == 404
    plug.break_("refuse")
    assert shelly_gen1.page(plug.unit, Request("GET", "/status")).status == 500
