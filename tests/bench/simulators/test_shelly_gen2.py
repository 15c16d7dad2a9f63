"""The second generation of Shelly: methods, watt-hours, and errors with a code."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.digest import Guard
from bench.simulators import shelly_gen2
from bench.stations import Request

GUARD = Guard(shelly_gen2.REALM, "admin", "Bench", lambda: "n", "SHA-256")


@pytest.fixture
def plug(lone: Callable[..., Any]) -> Any:
    return lone("shelly-gen2")


def ask(plug: Any, target: str, status: int = 200) -> dict[str, Any]:
    page = shelly_gen2.page(plug.unit, GUARD, Request("GET", target))
    assert page.status == status
    parsed: dict[str, Any] = json.loads(page.body)
    return parsed


def test_a_switch_tells_watts_volts_and_watt_hours(plug: Any) -> None:
    switch = ask(plug, "/rpc/Switch.GetStatus?id=0")
    assert (switch["apower"], switch["voltage"], switch["output"]) == (84.0, 229.0, True)
    assert switch["aenergy"]["total"] == 14_093.0
    assert "errors" not in switch


def test_the_whole_status_holds_the_switch(plug: Any) -> None:
    assert ask(plug, "/rpc/Shelly.GetStatus")["switch:0"] == ask(plug, "/rpc/Switch.GetStatus?id=0")
    assert ask(plug, "/rpc/Shelly.GetDeviceInfo") == ask(plug, "/shelly")
    assert ask(plug, "/shelly")["gen"] == 2


def test_heat_is_an_error_in_its_list(plug: Any) -> None:
    plug.break_("hot")
    assert ask(plug, "/rpc/Switch.GetStatus?id=0")["errors"] == ["overtemp"]


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/rpc/Tea.Make", 404, 404),
        ("/rpc/Switch.GetStatus", 500, -103),
        ("/rpc/Switch.GetStatus?id=7", 500, -105),
    ],
)
def test_a_refusal_has_code_and_message(plug: Any, target: str, status: int, code: int) -> None:
    assert ask(plug, target, status)["code"] == code


def test_one_that_refuses_is_unavailable(plug: Any) -> None:
    plug.break_("refuse")
    assert ask(plug, "/rpc/Switch.GetStatus?id=0", 500)["code"] == -114


def test_with_a_password_only_its_identity_is_free(lone: Callable[..., Any]) -> None:
    locked = lone("shelly-gen2", password="Bench")
    refused = shelly_gen2.page(locked.unit, GUARD, Request("GET", "/rpc/Shelly.GetStatus"))
    assert refused.status == 401
    assert "algorithm=SHA-256" in dict(refused.headers)["WWW-Authenticate"]
    assert ask(locked, "/shelly")["auth_en"] is True


def test_other_pages_are_not_found(plug: Any) -> None:
    assert shelly_gen2.page(plug.unit, GUARD, Request("GET", "/nothing")).status == 404
