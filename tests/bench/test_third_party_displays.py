"""Strangers' clients at the bench: two independent readings of each protocol agree."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiopjlink import PJClass, PJLink, PJLinkERR4, PJLinkNoConnection, PJLinkPassword, PJLinkProjectorError
from aiopjlink.projector import Errors, Filter, Freeze, Information, Lamp, Power, Sources
from nec_pd_sdk.nec_pd_sdk import NECPD
from nec_pd_sdk.protocol import PDError
from pypjlink.projector import Projector, ProjectorError
from samsung_mdc import MDC
from samsung_mdc.exceptions import MDCResponseError, MDCTimeoutError, NAKError

from bench.app import Bench

PASSWORD = "JBMIAProjectorLink"
Break = Callable[[str], None]


@pytest.fixture
def opened(bench_of: Any) -> Callable[..., tuple[str, Break]]:
    """A device on its real line or port: where it is, and how to break it."""

    def make(speaks: str, **keys: Any) -> tuple[str, Break]:
        bench: Bench = bench_of(speaks, **keys)

        def break_(code: str) -> None:
            bench.live.change(lambda school, now: school.with_fault(f"unit-{code}", now))

        return bench.ports("unit")[0].place().removeprefix("tcp://"), break_

    return make


@pytest.fixture(params=["tcp", "serial"])
def samsung(request: pytest.FixtureRequest, opened: Any) -> tuple[Callable[[], MDC], Break]:
    keys: dict[str, Any] = {"port": 0} if request.param == "tcp" else {}
    place, break_ = opened("samsung-mdc", warm_c=10.0, **keys)
    return lambda: MDC(place, mode=request.param, timeout=0.5), break_


def mdc(make: Callable[[], MDC], *names: str) -> list[tuple[Any, ...]]:
    """What the client reads, by its own names for the commands."""

    async def ask() -> list[tuple[Any, ...]]:
        client = make()
        await client.open()
        try:
            return [await getattr(client, name)(1) for name in names]
        finally:
            await client.close()

    return asyncio.run(ask())


def test_samsung_mdc_reads_our_display(samsung: Any) -> None:
    make, _ = samsung
    power, source, health, serial_number, software, model = mdc(
        make, "power", "input_source", "error_status", "serial_number", "software_version", "model_name"
    )
    assert [value.name for value in (*power, *source)] == ["ON", "HDMI1"]
    lamp, temperature, sensor, signal, celsius, fan = health
    assert [each.name for each in (lamp, temperature, sensor, signal, fan)] == [
        "NORMAL",
        "NORMAL",
        "NONE",
        "NORMAL",
        "NORMAL",
    ]
    assert celsius == 41
    assert (serial_number, software, model) == (("BENCHTV0001",), ("S-BENCH-1001.2",), ("55BENCH-TV",))


def test_samsung_mdc_reads_status_panel_and_hours(samsung: Any) -> None:
    make, _ = samsung
    status, panel, hours = mdc(make, "status", "panel", "panel_on_time")
    assert status[0].name == "ON"
    assert status[3].name == "HDMI1"
    assert panel[0].name == "ON"
    assert hours[0] // 6 == 7211


@pytest.mark.parametrize(("fault", "place"), [("backlight", 0), ("hot", 1), ("no-signal", 3), ("fan", 5)])
def test_samsung_mdc_reads_each_ill_of_our_display(samsung: Any, fault: str, place: int) -> None:
    make, break_ = samsung
    break_(fault)
    [health] = mdc(make, "error_status")
    assert health[place].name == "ERROR"


@pytest.mark.parametrize(
    ("fault", "error"),
    [("refuse", NAKError), ("silent", MDCTimeoutError), ("garbage", MDCResponseError), ("half", MDCTimeoutError)],
)
def test_samsung_mdc_gets_the_trouble_it_knows(samsung: Any, fault: str, error: type[Exception]) -> None:
    make, break_ = samsung
    break_(fault)
    with pytest.raises(error):
        mdc(make, "power")


@pytest.fixture
def pjlink(opened: Any) -> tuple[tuple[str, int], Break]:
    place, break_ = opened("pjlink", port=0, password=PASSWORD, lamp_hours=1233)
    host, _, port = place.rpartition(":")
    return (host, int(port)), break_


def aio(at: tuple[str, int], ask: Callable[[PJLink], Any], password: str = PASSWORD) -> Any:
    async def session() -> Any:
        link = PJLink(*at, password, timeout=1)
        try:
            await link.__aenter__()
            return await ask(link)
        finally:
            # A greeting that fails leaves the client's connection open.
            if link._writer is not None:
                await link.__aexit__(None, None, None)

    return asyncio.run(session())


def test_aiopjlink_reads_our_projector_in_both_classes(pjlink: Any) -> None:
    at, _ = pjlink
    assert aio(at, lambda link: Power(link).get()) is Power.State.ON
    assert aio(at, lambda link: Lamp(link).hours()) == 1234
    assert aio(at, lambda link: Filter(link).hours()) == 641
    assert aio(at, lambda link: Information(link).pjlink_class()) is PJClass.TWO
    assert aio(at, lambda link: Information(link).serial_number()) == "BENCHPJ0001"
    assert aio(at, lambda link: Sources(link).resolution()) == (1920, 1080)
    assert not aio(at, lambda link: Freeze(link).get())


def test_aiopjlink_reads_our_inputs_and_spare_parts(pjlink: Any) -> None:
    at, _ = pjlink
    names = aio(at, lambda link: Sources(link).available_with_names())
    assert [(mode.value + index, name) for mode, index, name in names] == [
        ("11", "COMPUTER"),
        ("31", "HDMI1"),
        ("32", "HDMI2"),
    ]
    assert aio(at, lambda link: Lamp(link).replacement_models()) == ["BENCH-LAMP-1"]
    assert aio(at, lambda link: Filter(link).replacement_models()) == ["BENCH-FILTER-1"]


@pytest.mark.parametrize(
    ("fault", "category", "level"),
    [
        ("fan", Errors.Category.FAN, Errors.Level.ERROR),
        ("lamp", Errors.Category.LAMP, Errors.Level.ERROR),
        ("lamp-worn", Errors.Category.LAMP, Errors.Level.WARN),
        ("hot", Errors.Category.TEMP, Errors.Level.ERROR),
        ("filter", Errors.Category.FILTER, Errors.Level.WARN),
    ],
)
def test_aiopjlink_reads_each_ill_of_our_projector(pjlink: Any, fault: str, category: Any, level: Any) -> None:
    at, break_ = pjlink
    break_(fault)
    assert aio(at, lambda link: Errors(link).query())[category] is level


def test_aiopjlink_knows_our_errors(pjlink: Any) -> None:
    at, break_ = pjlink
    with pytest.raises(PJLinkPassword):
        aio(at, lambda link: Power(link).get(), "wrong")
    break_("no-signal")
    with pytest.raises(PJLinkProjectorError, match="no signal"):
        aio(at, lambda link: Sources(link).resolution())
    break_("refuse")
    with pytest.raises(PJLinkERR4):
        aio(at, lambda link: Power(link).get())
    break_("dead")
    with pytest.raises(PJLinkNoConnection):
        aio(at, lambda link: Power(link).get())


@contextlib.contextmanager
def pypjlink(at: tuple[str, int], password: str = PASSWORD) -> Iterator[Any]:
    with Projector.from_address(*at, timeout=2) as projector:
        yield projector.authenticate(password) and projector


def test_pypjlink_reads_our_projector(pjlink: Any) -> None:
    at, _ = pjlink
    with pypjlink(at) as projector:
        assert projector.get_power() == "on"
        assert projector.get_input() == ("DIGITAL", 1)
        assert projector.get_lamps() == [(1234, True)]
        assert projector.get_mute() == (False, False)
        assert set(projector.get_errors().values()) == {"ok"}
        assert projector.get_inputs() == [("RGB", 1), ("DIGITAL", 1), ("DIGITAL", 2)]
        assert (projector.get_name(), projector.get_product_name()) == ("P1 projector", "BX-320")


def test_pypjlink_knows_our_errors(pjlink: Any) -> None:
    at, break_ = pjlink
    with pypjlink(at, "wrong") as nobody:
        assert nobody is False
    break_("lamp")
    with pypjlink(at) as projector:
        assert projector.get_errors()["lamp"] == "error"
    break_("refuse")
    with pytest.raises(ProjectorError), pypjlink(at):
        pytest.fail("it should refuse")


def test_the_search_finds_our_projector(bench_of: Any) -> None:
    udp = bench_of("pjlink", port=0).ports("unit")[1].place().removeprefix("udp://")
    host, _, port = udp.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as seeker:
        seeker.settimeout(5)
        seeker.sendto(b"%2SRCH\r", (host, int(port)))
        assert seeker.recv(100) == b"%2ACKN=02:00:00:00:00:02\r"


@pytest.fixture(params=["tcp", "serial"])
def nec(request: pytest.FixtureRequest, opened: Any) -> Iterator[tuple[NECPD, Break]]:
    keys: dict[str, Any] = {"port": 0} if request.param == "tcp" else {}
    place, break_ = opened("sharp-nec", warm_c=3.0, **keys)
    if request.param == "tcp":
        host, _, port = place.rpartition(":")
        client = NECPD.from_ip_address(host, int(port))
    else:
        client = NECPD.from_com_port(place)
    client.f.settimeout(1)
    yield client, break_
    client.close()


def test_necs_own_sdk_reads_our_display(nec: Any) -> None:
    client, _ = nec
    assert client.command_power_status_read() == 1
    assert client.command_model_name_read() == "55BENCH-TV"
    assert client.command_serial_number_read() == "BENCHTV0001"
    assert client.command_self_diagnosis_status_read() == [0]
    assert client.helper_get_temperature_sensor_values() == [34.0, 35.0, 36.0]
    assert client.helper_get_power_on_hours() == 7211
    assert client.helper_get_total_operating_hours() == 7211
    assert client.helper_get_fan_statuses() == ["On", "On"]
    assert client.command_get_parameter(0x0060).current_value == 0x11


@pytest.mark.parametrize(
    ("fault", "word"), [("fan", "fan"), ("backlight", "backlight"), ("hot", "temperature"), ("no-signal", "signal")]
)
def test_necs_own_sdk_words_each_ill_of_our_display(nec: Any, fault: str, word: str) -> None:
    client, break_ = nec
    break_(fault)
    assert word in client.helper_self_diagnosis_status_text().lower()


def test_necs_own_sdk_switches_our_display(nec: Any) -> None:
    client, _ = nec
    assert client.command_power_status_set(4) == 4
    assert client.command_power_status_read() == 4


@pytest.mark.parametrize("fault", ["refuse", "silent"])
def test_necs_own_sdk_gets_the_trouble_it_knows(nec: Any, fault: str) -> None:
    client, break_ = nec
    break_(fault)
    with pytest.raises(PDError):
        client.command_power_status_read()
