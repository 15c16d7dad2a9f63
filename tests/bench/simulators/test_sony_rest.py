"""BRAVIA's REST API: results, errors and keys."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.sony_rest import Rest
from bench.stations import Page, Request


@pytest.fixture
def tv(lone: Callable[..., Any]) -> Any:
    return lone("sony-rest", psk="1234", model="FW-BENCH")


def post(device: Any, path: str, method: str, *, psk: str = "1234", version: str = "1.0", params: Any = ()) -> Page:
    body = json.dumps({"method": method, "id": 50, "params": list(params), "version": version}).encode()
    return Rest(device.unit).page(Request("POST", path, {"x-auth-psk": psk}, body))


def told(device: Any, path: str, method: str, **more: Any) -> dict[str, Any]:
    page = post(device, path, method, **more)
    assert page.status == 200
    parsed: dict[str, Any] = json.loads(page.body)
    assert parsed.pop("id") == 50
    return parsed


def test_power_is_told_as_in_the_reference_guide(tv: Any) -> None:
    assert post(tv, "/sony/system", "getPowerStatus").body == b'{"result": [{"status": "active"}], "id": 50}'


def test_power_needs_no_key_and_what_is_private_does(tv: Any) -> None:
    assert told(tv, "/sony/system", "getPowerStatus", psk="")["result"] == [{"status": "active"}]
    for psk in ("", "4321"):
        assert post(tv, "/sony/system", "getSystemInformation", psk=psk).status == 403
    assert told(tv, "/sony/system", "getSystemInformation")["result"][0]["model"] == "FW-BENCH"


def test_standby_is_a_status_and_off_for_what_needs_the_picture(lone: Any) -> None:
    device = lone("sony-rest", on=False)
    assert told(device, "/sony/system", "getPowerStatus")["result"] == [{"status": "standby"}]
    error = told(device, "/sony/avContent", "getPlayingContentInfo", psk="")["error"]
    assert error == [7, "not power-on"]


@pytest.mark.parametrize(
    ("fault", "connected", "status"),
    [(None, True, "true"), ("no-signal", False, "false"), ("other-input", True, "false")],
)
def test_the_inputs_tell_cable_and_signal(tv: Any, fault: str | None, connected: bool, status: str) -> None:
    if fault:
        tv.break_(fault)
    inputs = told(tv, "/sony/avContent", "getCurrentExternalInputsStatus", version="1.1")["result"][0]
    assert inputs[0]["uri"] == "extInput:hdmi?port=1"
    assert (inputs[0]["connection"], inputs[0]["status"]) == (connected, status)
    assert "status" not in told(tv, "/sony/avContent", "getCurrentExternalInputsStatus")["result"][0][0]


def test_the_picture_has_its_source(tv: Any) -> None:
    playing = told(tv, "/sony/avContent", "getPlayingContentInfo")["result"]
    assert playing == [{"uri": "extInput:hdmi?port=1", "source": "extInput:hdmi", "title": "HDMI 1"}]
    tv.break_("other-input")
    assert told(tv, "/sony/avContent", "getPlayingContentInfo")["result"][0]["title"] == "AV"


def test_it_is_switched(tv: Any) -> None:
    assert told(tv, "/sony/system", "setPowerStatus", params=[{"status": False}])["result"] == []
    assert told(tv, "/sony/system", "getPowerStatus")["result"] == [{"status": "standby"}]
    for params in ([], [{"status": "off"}], ["x"]):
        assert told(tv, "/sony/system", "setPowerStatus", params=params)["error"][0] == 3


def test_errors_come_with_status_200(tv: Any) -> None:
    assert told(tv, "/sony/system", "getTea")["error"] == [12, "getTea"]
    assert told(tv, "/sony/system", "getPowerStatus", version="9.9")["error"] == [14, "Unsupported Version"]
    tv.break_("refuse")
    assert told(tv, "/sony/system", "getPowerStatus")["error"] == [40000, "Any Error"]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"[" * 2000])
def test_rubbish_is_an_illegal_request(tv: Any, body: bytes) -> None:
    page = Rest(tv.unit).page(Request("POST", "/sony/system", {}, body))
    assert json.loads(page.body) == {"error": [5, "Illegal Request"], "id": 0}


def test_another_path_or_verb_is_none_of_its_pages(tv: Any) -> None:
    assert post(tv, "/sony/tea", "getPowerStatus").status == 404
    assert post(tv, "/sony/system/", "getPowerStatus").status == 404
    assert Rest(tv.unit).page(Request("GET", "/sony/system")).status == 405
