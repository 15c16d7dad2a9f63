"""A Shelly Plus Plug S (second generation), over HTTP: `/rpc/Switch.GetStatus?id=0` and its like. Energy is counted in Wh.

A refusal is `{"code": …, "message": …}`: 404 for a method it has not, 500 with one of the common error codes for the rest. With
a password it asks for Digest with SHA-256, of the user admin. Sources: shelly-api-docs.shelly.cloud/gen2 (Switch, Shelly,
common errors, authentication).
"""

import json
import secrets
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from bench.digest import Guard
from bench.kinds import smart_plug
from bench.kinds.smart_plug import SmartPlugFacts, SmartPlugSettings
from bench.live import Unit
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

Json = dict[str, Any]
MAC = "02000000A1B3"
REALM = f"shellyplusplugs-{MAC.lower()}"
NO_HANDLER, INVALID_ARGUMENT, NOT_FOUND, UNAVAILABLE = 404, -103, -105, -114


class ShellyGen2Settings(SmartPlugSettings):
    """An empty password switches the authentication off."""

    password: Annotated[str, Field(max_length=64)] = ""


def page(unit: Unit[ShellyGen2Settings], guard: Guard, request: Request) -> Page:
    address = urlsplit(request.path)
    identity = _identity(unit.settings)
    if address.path == "/shelly":
        return _page(identity)
    space, _, method = address.path.strip("/").partition("/")
    if space != "rpc":
        return Page(404, "text/plain", b"Not Found")
    said = request.headers.get("authorization", "")
    if unit.settings.password and not guard.admits(request.method, request.path, said):
        return Page(401, "text/plain", b"", (("WWW-Authenticate", guard.challenge()),))
    if unit.refuses:
        return _refusal(UNAVAILABLE, "Resource unavailable")
    return _answer(method, parse_qs(address.query), smart_plug.facts(unit), identity)


def _answer(method: str, query: dict[str, list[str]], plug: SmartPlugFacts, identity: Json) -> Page:
    match method:
        case "Switch.GetStatus":
            return _switch(query.get("id", [""])[-1], plug)
        case "Shelly.GetDeviceInfo":
            return _page(identity)
        case "Shelly.GetStatus":
            return _page({"switch:0": _status(plug), "sys": {"mac": MAC, "uptime": plug.uptime_s, "time": "08:30"}})
    return _refusal(NO_HANDLER, f"No handler for {method}", 404)


def _switch(number: str, plug: SmartPlugFacts) -> Page:
    if not number:
        return _refusal(INVALID_ARGUMENT, "Missing required argument 'id'!")
    return _page(_status(plug)) if number == "0" else _refusal(NOT_FOUND, f"Argument 'id', value {number} not found!")


def _status(plug: SmartPlugFacts) -> Json:
    energy = {"total": round(plug.wh_total, 3), "by_minute": [0.0, 0.0, 0.0], "minute_ts": 1_780_302_600}
    measured = {"apower": round(plug.watts, 1), "voltage": round(plug.volts, 1), "current": round(plug.amperes, 3)}
    heat = {"tC": plug.temp_c, "tF": round(plug.temp_c * 9 / 5 + 32, 1)}
    status: Json = {"id": 0, "source": "init", "output": plug.on, **measured, "aenergy": energy, "temperature": heat}
    return status | ({"errors": ["overtemp"]} if plug.overheated else {})


def _identity(settings: ShellyGen2Settings) -> Json:
    names = {"name": settings.name, "id": REALM, "mac": MAC, "model": "SNPL-00112EU", "gen": 2}
    return {
        **names,
        "fw_id": "20230913-114008/v1.0.3",
        "ver": "1.0.3",
        "app": "PlusPlugS",
        "auth_en": bool(settings.password),
    }


def _refusal(code: int, message: str, status: int = 500) -> Page:
    return _page({"code": code, "message": message}, status)


def _page(document: Json, status: int = 200) -> Page:
    return Page(status, "application/json", json.dumps(document).encode())


def attach(unit: Unit[ShellyGen2Settings]) -> tuple[Plug, ...]:
    guard = Guard(REALM, "admin", unit.settings.password, lambda: secrets.token_hex(8), "SHA-256")
    return (HttpPlug(unit.settings.host, unit.settings.port, partial(page, unit, guard)),)


SIMULATOR = Simulator("shelly-gen2", "Shelly plug, 2nd generation", ShellyGen2Settings, attach)
