"""A Sony BRAVIA's REST API: JSON-RPC by POST to /sony/<service>, with the pre-shared key in the header X-Auth-PSK.

A result is `{"result": […], "id": n}`, an error `{"error": [code, text], "id": n}`, both with status 200; a missing or wrong
key is 403, a service that is not there 404. Source: pro-bravia.sony.net, rest-api. Its error codes are told by client code
only (12 no such method, 14 no such version, 7 with "not power-on" in standby); getPowerStatus is open here, as its level says.
"""

import hmac
import json
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from bench.kinds import display
from bench.kinds.display import NO_SIGNAL, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnPort, Text32
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

JSON = "application/json; charset=UTF-8"
HDMI = "extInput:hdmi?port="
ILLEGAL, OFF, NO_METHOD, NO_VERSION, FAILED = 5, 7, 12, 14, 40000
Json = dict[str, Any]


class SonyRestSettings(DisplaySettings, OnPort):
    psk: Annotated[str, Field(max_length=64, pattern=r"^[ -~]*$")] = ""
    mac: Annotated[str, Field(pattern=r"^([0-9A-F]{2}:){5}[0-9A-F]{2}$")] = "02:00:00:00:00:03"
    generation: Text32 = "5.0.1"


class Refusal(Exception):
    """A JSON-RPC error: code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.pair = [code, text]


class Rest:
    def __init__(self, unit: Unit[SonyRestSettings]) -> None:
        self._unit = unit
        # Service, method: versions, whether it needs the key, whether it works in standby, what it says.
        self._methods: dict[tuple[str, str], tuple[tuple[str, ...], bool, bool, Callable[[Json], list[Any]]]] = {
            ("system", "getPowerStatus"): (("1.0",), False, True, self._power),
            ("system", "setPowerStatus"): (("1.0",), True, True, self._switch),
            ("system", "getSystemInformation"): (("1.0",), True, True, self._system),
            ("avContent", "getCurrentExternalInputsStatus"): (("1.0", "1.1"), True, True, self._inputs),
            ("avContent", "getPlayingContentInfo"): (("1.0",), True, False, self._playing),
        }

    def page(self, request: Request) -> Page:
        if request.method != "POST":
            return Page(405, "text/html", b"<html><body>Method Not Allowed</body></html>")
        service = request.path.removeprefix("/sony/")
        if service not in {known for known, _ in self._methods}:
            return Page(404, "text/html", b"<html><body>Not Found</body></html>")
        return self._call(service, request)

    def _call(self, service: str, request: Request) -> Page:
        try:
            call = json.loads(request.body)
        except (ValueError, RecursionError):
            call = None
        if not isinstance(call, dict):
            return _page({"error": [ILLEGAL, "Illegal Request"], "id": 0})
        number = call.get("id", 0)
        if self._locked(service, call, request):
            return Page(403, JSON, json.dumps({"error": [403, "Forbidden"], "id": number}).encode())
        try:
            return _page({"result": self._carry_out(service, call), "id": number})
        except Refusal as refusal:
            return _page({"error": refusal.pair, "id": number})

    def _locked(self, service: str, call: Json, request: Request) -> bool:
        method = self._methods.get((service, str(call.get("method"))))
        key = request.headers.get("x-auth-psk", "")
        return (
            method is not None and method[1] and not hmac.compare_digest(key.encode(), self._unit.settings.psk.encode())
        )

    def _carry_out(self, service: str, call: Json) -> list[Any]:
        name = str(call.get("method"))
        method = self._methods.get((service, name))
        if method is None:
            raise Refusal(NO_METHOD, name[:64])
        versions, _, in_standby, say = method
        if call.get("version") not in versions:
            raise Refusal(NO_VERSION, "Unsupported Version")
        if self._unit.refuses:
            raise Refusal(FAILED, "Any Error")
        if not in_standby and not self._tv.on:
            raise Refusal(OFF, "not power-on")
        return say(call)

    @property
    def _tv(self) -> DisplayFacts:
        return display.facts(self._unit)

    def _power(self, _call: Json) -> list[Any]:
        return [{"status": "active" if self._tv.on else "standby"}]

    def _switch(self, call: Json) -> list[Any]:
        parameters = call.get("params")
        wanted = (
            parameters[0].get("status")
            if isinstance(parameters, list) and parameters and isinstance(parameters[0], dict)
            else None
        )
        if not isinstance(wanted, bool):
            raise Refusal(3, "Illegal Argument")
        self._unit.switch(wanted)
        return []

    def _system(self, _call: Json) -> list[Any]:
        settings = self._unit.settings
        names = {"product": "TV", "region": "TH", "language": "eng", "model": settings.model, "name": "BRAVIA"}
        numbers = {"serial": settings.serial_number, "macAddr": settings.mac, "generation": settings.generation}
        return [names | numbers | {"area": "THA", "cid": ""}]

    def _inputs(self, call: Json) -> list[Any]:
        tv, plugged = self._tv, NO_SIGNAL.code not in self._unit.ills
        inputs: list[Json] = []
        for number in (1, 2, 3):
            entry: Json = {"uri": f"{HDMI}{number}", "title": f"HDMI {number}", "label": "", "icon": "meta:hdmi"}
            entry["connection"] = plugged and number == 1
            if call.get("version") == "1.1":
                entry["status"] = "true" if tv.signal and number == 1 else "false"
            inputs.append(entry)
        return [inputs]

    def _playing(self, _call: Json) -> list[Any]:
        source = self._tv.input
        if not source.startswith("hdmi"):
            return [{"uri": "extInput:composite?port=1", "source": "extInput:composite", "title": "AV"}]
        number = source.removeprefix("hdmi")
        return [{"uri": f"{HDMI}{number}", "source": "extInput:hdmi", "title": f"HDMI {number}"}]


def _page(document: Json) -> Page:
    return Page(200, JSON, json.dumps(document).encode())


def _attach(unit: Unit[SonyRestSettings]) -> tuple[Plug, ...]:
    return (HttpPlug(unit.settings.host, unit.settings.port, Rest(unit).page),)


SIMULATOR = Simulator("sony-rest", "Sony BRAVIA REST", SonyRestSettings, _attach)
