"""A Shelly Plug S of the first generation, over HTTP: `/status` and its parts. Energy is counted in watt-minutes.

Sources: shelly-api-docs.shelly.cloud/gen1 (Shelly Plug/PlugS); a recorded `/status`: pastebin.com/bBzauZ1s.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bench.kinds import smart_plug
from bench.kinds.smart_plug import SmartPlugFacts, SmartPlugSettings
from bench.live import Unit
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

Json = dict[str, Any]
MAC = "02000000A1B2"
CLOCK_S = 1_780_302_600


def page(unit: Unit[SmartPlugSettings], request: Request) -> Page:
    answer = PAGES.get(urlsplit(request.path).path)
    if answer is None:
        return Page(404, "text/plain", b"Not Found")
    if unit.refuses:
        return Page(500, "text/plain", b"Internal Server Error")
    return Page(200, "application/json", json.dumps(answer(smart_plug.facts(unit))).encode())


def _identity(_plug: SmartPlugFacts) -> Json:
    return {"type": "SHPLG-S", "mac": MAC, "auth": False, "fw": "20230913-113421/v1.14.0-gcb84623", "num_outputs": 1}


def _relay(plug: SmartPlugFacts) -> Json:
    timer = {"has_timer": False, "timer_started": 0, "timer_duration": 0, "timer_remaining": 0}
    return {"ison": plug.on, **timer, "overpower": False, "source": "http"}


def _meter(plug: SmartPlugFacts) -> Json:
    watts = round(plug.watts, 2)
    counters = {"counters": [watts, watts, watts], "total": round(plug.wh_total * 60)}
    return {"power": watts, "overpower": 0.0, "is_valid": True, "timestamp": CLOCK_S, **counters}


def _status(plug: SmartPlugFacts) -> Json:
    return {
        "wifi_sta": {"connected": True, "ssid": "bench", "ip": "127.0.0.1", "rssi": -58},
        "cloud": {"enabled": False, "connected": False},
        "mqtt": {"connected": False},
        "time": "08:30",
        "has_update": False,
        "mac": MAC,
        "relays": [_relay(plug)],
        "meters": [_meter(plug)],
        "temperature": plug.temp_c,
        "overtemperature": plug.overheated,
        "tmp": {"tC": plug.temp_c, "tF": round(plug.temp_c * 9 / 5 + 32, 1), "is_valid": True},
        "uptime": plug.uptime_s,
    }


PAGES: dict[str, Callable[[SmartPlugFacts], Json]] = {
    "/shelly": _identity,
    "/status": _status,
    "/relay/0": _relay,
    "/meter/0": _meter,
}


def attach(unit: Unit[SmartPlugSettings]) -> tuple[Plug, ...]:
    return (HttpPlug(unit.settings.host, unit.settings.port, partial(page, unit)),)


SIMULATOR = Simulator("shelly-gen1", "Shelly plug, 1st generation", SmartPlugSettings, attach)
