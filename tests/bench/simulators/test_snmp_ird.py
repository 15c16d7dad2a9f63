"""The receiver's objects, read over a real port by pysnmp: tenths of a dB, tenths of a dBm without their sign."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pysnmp.hlapi.v3arch import asyncio as snmp

from bench.app import Bench
from bench.simulators.snmp_ird import CNR, FREQUENCY, SIGNAL, SYSTEM, objects

DESCRIPTION = (*SYSTEM, 1, 0)


def get(
    bench: Bench, *oids: tuple[int, ...], community: str = "public", timeout_s: float = 60.0
) -> tuple[str, int, list[Any]]:
    (port,) = bench.ports("unit")
    number = int(port.place().rpartition(":")[2])

    async def asked() -> tuple[str, int, list[Any]]:
        engine = snmp.SnmpEngine()
        target = await snmp.UdpTransportTarget.create(("127.0.0.1", number), timeout=timeout_s, retries=0)
        names = [snmp.ObjectType(snmp.ObjectIdentity(oid)) for oid in oids]
        try:
            problem, status, _, pairs = await snmp.get_cmd(
                engine, snmp.CommunityData(community), target, snmp.ContextData(), *names, lookupMib=False
            )
        finally:
            engine.close_dispatcher()
        return str(problem or ""), int(status), [value for _, value in pairs]

    return asyncio.run(asked())


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of("snmp-ird", model="IRD-9", slow_s=0.2)


def break_(bench: Bench, name: str) -> None:
    bench.live.change(lambda school, now: school.with_fault(name, now))


def test_pysnmp_reads_ratio_level_and_frequency(bench: Bench) -> None:
    problem, status, values = get(bench, CNR, SIGNAL, FREQUENCY, DESCRIPTION)
    assert (problem, status) == ("", 0)
    assert int(values[0]) == pytest.approx(134, abs=3)
    assert int(values[1]) == pytest.approx(388, abs=10)
    assert int(values[2]) == 12_355
    assert str(values[3]) == "IRD-9 satellite receiver"


def test_a_missing_object_is_no_such_object(bench: Bench) -> None:
    assert type(get(bench, (1, 3, 6, 1, 4, 1, 1))[2][0]).__name__ == "NoSuchObject"


def test_a_wrong_community_is_met_with_silence(bench: Bench) -> None:
    assert "timeout" in get(bench, CNR, community="secret", timeout_s=0.3)[0].lower()


def test_one_that_refuses_says_general_error(bench: Bench) -> None:
    break_(bench, "unit-refuse")
    assert get(bench, CNR)[1] == 5


@pytest.mark.parametrize("fault", ["silent", "garbage", "half", "dead", "reboot"])
def test_troubles_on_the_way_are_met_with_silence(bench: Bench, fault: str) -> None:
    break_(bench, f"unit-{fault}")
    assert get(bench, CNR, timeout_s=0.3)[0]


def test_a_slow_one_answers_right_all_the_same(bench: Bench) -> None:
    break_(bench, "unit-slow")
    assert get(bench, FREQUENCY)[2] == [12_355]


def test_rain_no_lock_and_a_dead_lnb_differ(lone: Callable[..., Any]) -> None:
    def figures(*faults: str) -> tuple[bytes, bytes]:
        box = lone("snmp-ird")
        for fault in faults:
            box.live.change(lambda school, now, name=fault: school.with_fault(name, now))
        box.clock.pass_s(120)
        found = objects(box.unit)
        return found[CNR].encoded, found[SIGNAL].encoded

    zero = b"\x02\x01\x00"
    assert figures("lnb-dead") == (zero, zero)
    assert figures("unit-no-lock")[0] == zero != figures("unit-no-lock")[1]
    assert figures()[0] > figures("rain")[0] > zero
