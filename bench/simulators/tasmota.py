"""A smart plug with Tasmota's firmware, over HTTP: `GET /cm?cmnd=Status%208` and what else one asks it.

Power is in whole watts, energy in kWh. Everything is answered with 200: a command it does not know by `{"Command":"Unknown"}`,
a missing web password by a WARNING; user (always admin) and password stand in the query. The body comes in chunks.
Sources: tasmota.github.io/docs (Commands, JSON-Status-Responses, Power-Monitoring); blog.mylocalbytes.com (Power Monitoring).
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from bench.kinds import smart_plug
from bench.kinds.smart_plug import SmartPlugFacts, SmartPlugSettings
from bench.live import Unit
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

Json = dict[str, Any]
CLOCK = "2026-06-01T08:30:00"
USER = "admin"
MAC = "02:00:00:00:A1:B1"
UNKNOWN = {"Command": "Unknown"}
WIFI = {"AP": 1, "Channel": 6, "Mode": "11n", "RSSI": 84, "Signal": -58, "LinkCount": 1, "Downtime": "0T00:00:03"}


class TasmotaSettings(SmartPlugSettings):
    """An empty password switches the authentication off."""

    password: Annotated[str, Field(max_length=32)] = ""


def page(unit: Unit[TasmotaSettings], request: Request) -> Page:
    address = urlsplit(request.path)
    query = {name: values[-1] for name, values in parse_qs(address.query).items()}
    if address.path != "/cm":
        return Page(404, "text/plain", b"File Not Found\n")
    if unit.settings.password and (query.get("user"), query.get("password")) != (USER, unit.settings.password):
        return _page({"WARNING": "Need user=<username>&password=<password>"})
    answer = COMMANDS.get(" ".join(query.get("cmnd", "").lower().split()))
    if answer is None or unit.refuses:
        return _page(UNKNOWN)
    return _page(answer(smart_plug.facts(unit), unit.settings))


def _sensors(plug: SmartPlugFacts, _settings: TasmotaSettings) -> Json:
    apparent = plug.amperes * plug.volts
    energy = {
        "TotalStartTime": "2026-05-01T00:00:00",
        "Total": round(plug.wh_total / 1000, 3),
        "Yesterday": 0.612,
        "Today": 0.207,
        "Power": round(plug.watts),
        "ApparentPower": round(apparent),
        "ReactivePower": round(max(0.0, apparent**2 - plug.watts**2) ** 0.5),
        "Factor": round(plug.watts / apparent, 2) if apparent else 0.00,
        "Voltage": round(plug.volts) if plug.on else 0,
        "Current": round(plug.amperes, 3),
    }
    return {"StatusSNS": {"Time": CLOCK, "ENERGY": energy}}


def _relay(plug: SmartPlugFacts, _settings: TasmotaSettings) -> Json:
    return {"POWER": "ON" if plug.on else "OFF"}


def _state(plug: SmartPlugFacts, _settings: TasmotaSettings) -> Json:
    days, rest = divmod(plug.uptime_s, 86_400)
    uptime = f"{days}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    power = "ON" if plug.on else "OFF"
    return {"StatusSTS": {"Time": CLOCK, "Uptime": uptime, "UptimeSec": plug.uptime_s, "POWER": power, "Wifi": WIFI}}


def _firmware(_plug: SmartPlugFacts, _settings: TasmotaSettings) -> Json:
    return {
        "StatusFWR": {"Version": "13.1.0(tasmota)", "BuildDateTime": "2023-08-15T12:25:50", "Hardware": "ESP8266EX"}
    }


def _network(_plug: SmartPlugFacts, settings: TasmotaSettings) -> Json:
    return {"StatusNET": {"Hostname": "tasmota-A1B1", "IPAddress": settings.host, "Mac": MAC, "Webserver": 2}}


def _status(plug: SmartPlugFacts, settings: TasmotaSettings) -> Json:
    names = {"Module": 1, "DeviceName": settings.name, "FriendlyName": [settings.name], "Topic": "bench"}
    return {"Status": names | {"Power": int(plug.on), "PowerOnState": 3}}


COMMANDS: dict[str, Callable[[SmartPlugFacts, TasmotaSettings], Json]] = {
    "status": _status,
    "status 2": _firmware,
    "status 5": _network,
    "status 8": _sensors,
    "status 10": _sensors,
    "status 11": _state,
    "power": _relay,
    "power1": _relay,
}


def _page(document: Json) -> Page:
    return Page(200, "application/json", json.dumps(document).encode(), chunked=True)


def attach(unit: Unit[TasmotaSettings]) -> tuple[Plug, ...]:
    return (HttpPlug(unit.settings.host, unit.settings.port, partial(page, unit)),)


SIMULATOR = Simulator("tasmota", "Tasmota smart plug", TasmotaSettings, attach)
