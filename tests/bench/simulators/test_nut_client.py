"""aionut (the client of Home Assistant) at the bench's upsd: an independent reading of the same protocol."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from aionut import AIONUTClient, NUTCommandError, NUTError

from bench.app import Bench

T = TypeVar("T")


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of("nut", description="P1 UPS", runtime_s=1000)


def ask(bench: Bench, what: Callable[[AIONUTClient], Awaitable[T]], **login: str) -> T:
    port: Any = bench.ports("unit")[0]

    async def asked() -> T:
        client = AIONUTClient(port.host, port.port, timeout=1.0, **login)  # type: ignore[arg-type]
        try:
            return await what(client)
        finally:
            client.shutdown()

    return asyncio.run(asked())


def break_(bench: Bench, code: str) -> None:
    bench.live.change(lambda school, now: school.with_fault(f"unit-{code}", now))


def test_it_lists_the_ups(bench: Bench) -> None:
    assert ask(bench, lambda client: client.list_ups()) == {"classups": "P1 UPS"}
    assert ask(bench, lambda client: client.description("classups")) == "P1 UPS"
    assert ask(bench, lambda client: client.list_commands("classups")) == set()


def test_it_reads_every_variable(bench: Bench) -> None:
    variables = ask(bench, lambda client: client.list_vars("classups"))
    assert variables["ups.status"] == "OL"
    assert variables["battery.runtime"] == "1000"
    assert variables["device.serial"] == "BENCHUPS0001"


def test_it_follows_a_power_cut(bench: Bench) -> None:
    break_(bench, "on-battery")
    assert ask(bench, lambda client: client.list_vars("classups"))["ups.status"] == "OB DISCHRG"


@pytest.mark.parametrize("code", ["stale", "no-driver"])
def test_it_hears_why_there_are_no_figures(bench: Bench, code: str) -> None:
    break_(bench, code)
    with pytest.raises(NUTCommandError, match=r"DATA-STALE|DRIVER-NOT-CONNECTED"):
        ask(bench, lambda client: client.list_vars("classups"))


def test_a_command_is_denied(bench: Bench) -> None:
    with pytest.raises(NUTError, match="ACCESS-DENIED"):
        ask(bench, lambda client: client.run_command("classups", "load.off"), username="bench", password="bench")


@pytest.mark.parametrize("code", ["silent", "half", "dead", "unplugged"])
def test_troubles_reach_it_as_errors(bench: Bench, code: str) -> None:
    break_(bench, code)
    with pytest.raises((NUTError, OSError)):
        ask(bench, lambda client: client.list_vars("classups"))
