"""Three families of smart plugs, each with its own names and units for the same watts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.mains import PlugFacts
from bench.plugs import PlugSettings, shelly_gen1, shelly_gen2, tasmota
from bench.stations import Page

SETTINGS = PlugSettings()
OFF = PlugFacts(on=False, watts=0.0)
Family = Callable[[str, PlugFacts, PlugSettings], Page]


def ask(family: Family, target: str, plug: PlugFacts | None = None, status: int = 200) -> dict[str, Any]:
    page = family(target, plug or PlugFacts(), SETTINGS)
    assert page.status == status
    parsed: dict[str, Any] = json.loads(page.body)
    return parsed


def test_tasmota_tells_whole_watts_and_kilowatt_hours() -> None:
    energy = ask(tasmota, "/cm?cmnd=Status%208")["StatusSNS"]["ENERGY"]
    assert (energy["Power"], energy["Voltage"], energy["Total"]) == (84, 229, 14.093)
    assert energy["Factor"] == 0.9
    assert energy["Current"] == pytest.approx(84 / (229 * 0.9), abs=0.001)
    assert energy["ApparentPower"] ** 2 == pytest.approx(84**2 + energy["ReactivePower"] ** 2, rel=0.05)


def test_tasmota_knows_its_commands_in_any_case() -> None:
    assert ask(tasmota, "/cm?cmnd=POWER", OFF) == {"POWER": "OFF"}
    assert ask(tasmota, "/cm?cmnd=status+11")["StatusSTS"]["Uptime"] == "1T00:00:00"
    assert ask(tasmota, "/cm?cmnd=status%2010") == ask(tasmota, "/cm?cmnd=Status%208")


def test_tasmota_answers_200_to_a_command_it_does_not_know() -> None:
    assert ask(tasmota, "/cm?cmnd=Tea") == {"Command": "Unknown"}
    assert ask(tasmota, "/cm") == {"Command": "Unknown"}


def test_tasmota_with_a_password_warns_with_200() -> None:
    locked = PlugSettings(password="Bench")
    page = tasmota("/cm?cmnd=Power", PlugFacts(), locked)
    assert page.status == 200
    assert b"WARNING" in page.body
    assert b"POWER" in tasmota("/cm?user=admin&password=Bench&cmnd=Power", PlugFacts(), locked).body


def test_switched_off_it_reads_no_voltage_behind_the_relay() -> None:
    energy = ask(tasmota, "/cm?cmnd=Status%208", OFF)["StatusSNS"]["ENERGY"]
    assert (energy["Power"], energy["Voltage"], energy["Current"], energy["Factor"]) == (0, 0, 0, 0)


def test_the_first_shelly_counts_watt_minutes() -> None:
    status = ask(shelly_gen1, "/status")
    assert status["relays"][0]["ison"] is True
    assert status["meters"][0]["power"] == 84.0
    assert status["meters"][0]["is_valid"] is True
    assert status["meters"][0]["total"] == 845_580
    assert status["tmp"]["tC"] == 41.0
    assert ask(shelly_gen1, "/meter/0") == status["meters"][0]
    assert ask(shelly_gen1, "/shelly")["type"] == "SHPLG-S"


def test_the_second_shelly_counts_watt_hours() -> None:
    switch = ask(shelly_gen2, "/rpc/Switch.GetStatus?id=0")
    assert (switch["apower"], switch["voltage"], switch["output"]) == (84.0, 229.0, True)
    assert switch["aenergy"]["total"] == 14_093.0
    assert "errors" not in switch
    assert ask(shelly_gen2, "/rpc/Shelly.GetStatus")["switch:0"] == switch
    assert ask(shelly_gen2, "/rpc/Shelly.GetDeviceInfo") == ask(shelly_gen2, "/shelly")
    assert ask(shelly_gen2, "/shelly")["gen"] == 2


def test_heat_is_told_by_both() -> None:
    hot = PlugFacts(temp_c=92.0, overheated=True)
    assert ask(shelly_gen1, "/status", hot)["overtemperature"] is True
    assert ask(shelly_gen2, "/rpc/Switch.GetStatus?id=0", hot)["errors"] == ["overtemp"]


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/rpc/Tea.Make", 404, 404),
        ("/rpc/Switch.GetStatus", 500, -103),
        ("/rpc/Switch.GetStatus?id=7", 500, -105),
    ],
)
def test_the_second_shelly_refuses_with_code_and_message(target: str, status: int, code: int) -> None:
    assert ask(shelly_gen2, target, status=status)["code"] == code


@pytest.mark.parametrize("family", [tasmota, shelly_gen1, shelly_gen2])
def test_other_pages_are_not_found(family: Family) -> None:
    assert family("/nothing", PlugFacts(), SETTINGS).status == 404
