"""openwebifpy (the client of Home Assistant) at the bench's receiver: an independent reading of OpenWebif's answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from aiohttp import ClientError
from openwebif.api import OpenWebIfDevice

from bench.app import Bench

T = TypeVar("T")


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of("openwebif", model="sat-one", service="DLTV 3")


def ask(bench: Bench, what: Callable[[OpenWebIfDevice], Awaitable[T]]) -> tuple[T, bool]:
    """The answer, and whether the client then takes the box for offline."""
    port: Any = bench.ports("unit")[0]

    async def asked() -> tuple[T, bool]:
        client = OpenWebIfDevice(port.host, port.port)
        try:
            return await what(client), client.is_offline
        finally:
            await client.close()

    return asyncio.run(asked())


def break_(bench: Bench, code: str) -> None:
    bench.live.change(lambda school, now: school.with_fault(f"unit-{code}", now))


def test_it_reads_what_is_on(bench: Bench) -> None:
    status, offline = ask(bench, lambda client: client.get_status_info())
    assert not offline
    assert status["inStandby"] == "false"
    assert status["currservice_station"] == "DLTV 3"


def test_it_reads_standby(bench: Bench) -> None:
    break_(bench, "standby")
    status, offline = ask(bench, lambda client: client.get_status_info())
    assert not offline
    assert status["inStandby"] == "true"
    assert "currservice_station" not in status


def test_it_reads_what_box_it_is(bench: Bench) -> None:
    about, _ = ask(bench, lambda client: client.get_about())
    assert about["info"]["model"] == "sat-one"
    assert about["info"]["ifaces"][0]["mac"]


@pytest.mark.parametrize("code", ["dead", "unplugged", "half", "garbage"])
def test_troubles_reach_it_as_errors(bench: Bench, code: str) -> None:
    break_(bench, code)
    with pytest.raises((ClientError, ValueError)):
        ask(bench, lambda client: client.get_status_info())
