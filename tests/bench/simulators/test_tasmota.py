"""Tasmota: whole watts, kilowatt-hours, and 200 for everything."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators import tasmota
from bench.stations import Request


@pytest.fixture
def plug(lone: Callable[..., Any]) -> Any:
    return lone("tasmota")


def ask(plug: Any, target: str) -> dict[str, Any]:
    page = tasmota.page(plug.unit, Request("GET", target))
    assert page.status == 200
    parsed: dict[str, Any] = json.loads(page.body)
    return parsed


def test_the_sensors_tell_whole_watts_and_kilowatt_hours(plug: Any) -> None:
    energy = ask(plug, "/cm?cmnd=Status%208")["StatusSNS"]["ENERGY"]
    assert (energy["Power"], energy["Voltage"], energy["Total"]) == (84, 229, 14.093)
    assert energy["Factor"] == 0.9
    assert energy["Current"] == pytest.approx(84 / (229 * 0.9), abs=0.001)
    assert energy["ApparentPower"] ** 2 == pytest.approx(84**2 + energy["ReactivePower"] ** 2, rel=0.05)


def test_commands_are_known_in_any_case(plug: Any) -> None:
    assert ask(plug, "/cm?cmnd=POWER") == {"POWER": "ON"}
    assert ask(plug, "/cm?cmnd=status+11")["StatusSTS"]["Uptime"] == "0T01:00:00"
    assert ask(plug, "/cm?cmnd=status%2010") == ask(plug, "/cm?cmnd=Status%208")
    assert ask(plug, "/cm?cmnd=status%202")["StatusFWR"]["Version"].endswith("(tasmota)")
    assert ask(plug, "/cm?cmnd=Status")["Status"]["FriendlyName"] == ["P1 TV plug"]


def test_a_command_it_does_not_know_is_answered_200(plug: Any) -> None:
    assert ask(plug, "/cm?cmnd=Tea") == {"Command": "Unknown"}
    assert ask(plug, "/cm") == {"Command": "Unknown"}
    plug.break_("refuse")
    assert ask(plug, "/cm?cmnd=Power") == {"Command": "Unknown"}


def test_with_a_password_it_warns_with_200(lone: Callable[..., Any]) -> None:
    locked = lone("tasmota", password="Bench")
    assert "WARNING" in ask(locked, "/cm?cmnd=Power")
    assert ask(locked, "/cm?user=admin&password=Bench&cmnd=Power") == {"POWER": "ON"}


def test_switched_off_nothing_is_measured_behind_the_relay(plug: Any) -> None:
    plug.break_("relay-off")
    energy = ask(plug, "/cm?cmnd=Status%208")["StatusSNS"]["ENERGY"]
    assert (energy["Power"], energy["Voltage"], energy["Current"], energy["Factor"]) == (0, 0, 0, 0)
    assert ask(plug, "/cm?cmnd=Power") == {"POWER": "OFF"}


def test_other_pages_are_not_found(plug: Any) -> None:
    assert tasmota.page(plug.unit, Request("GET", "/nothing")).status == 404
