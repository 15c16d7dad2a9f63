"""The whole classroom on real ports: what the faults and the morning look like from outside."""

import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import serial

from bench import config
from bench.app import CONTROL, Bench
from bench.control import ask
from bench.errors import PortTaken, SettingsMistake


def device(name: str, speaks: str, more: str) -> str:
    return f'[[device]]\nkey = "p1-{name}"\nroom = "p1"\nspeaks = "{speaks}"\n{more}\n'


@dataclass
class Outside:
    """Somebody who has only the cables."""

    bench: Bench

    def place(self, key: str) -> str:
        return self.bench.ports(key)[0].place()

    def address(self, key: str) -> tuple[str, int]:
        host, _, port = self.place(key).partition("//")[2].rpartition(":")
        return host, int(port)

    def tv(self, request: bytes, patience_s: float = 60.0) -> bytes:
        with serial.Serial(self.place("p1-tv"), 9600, timeout=patience_s) as port:
            port.write(request)
            return bytes(port.read_until(b"x"))

    def signal(self) -> dict[str, Any]:
        caller = http.client.HTTPConnection(*self.address("p1-receiver"), timeout=60)
        try:
            caller.request("GET", "/api/signal")
            parsed: dict[str, Any] = json.loads(caller.getresponse().read())
            return parsed
        finally:
            caller.close()

    def projector_greets(self) -> bytes:
        with socket.create_connection(self.address("p1-projector"), timeout=60) as caller:
            return caller.recv(100)

    def do(self, what: str, name: str) -> dict[str, Any]:
        return ask(self.bench.control.path, {"do": what, "name": name})


@pytest.fixture
def bench(settings_file: Path, tmp_path: Path, clock: Any) -> Iterator[Bench]:
    bench = Bench(config.load(settings_file), settings_file, tmp_path / "run", clock)
    bench.open()
    yield bench
    bench.close()


@pytest.fixture
def outside(bench: Bench) -> Outside:
    return Outside(bench)


def test_everything_listens_where_it_is_printed(bench: Bench) -> None:
    lines = "\n".join(bench.places())
    for key in ("p1-tv", "p1-projector", "p1-receiver"):
        for port in bench.ports(key):
            assert f"{key:<12}  {port.place()}  (" in lines


def test_the_classroom_runs(outside: Outside) -> None:
    assert outside.tv(b"ka 01 ff\r") == b"a 01 OK01x"
    assert outside.tv(b"sv 01 02 ff\r") == b"v 01 OK0201x"
    assert outside.signal()["inStandby"] == "false"
    assert outside.projector_greets().startswith(b"PJLINK 1 ")


def test_every_session_gets_a_salt_of_its_own(outside: Outside) -> None:
    assert outside.projector_greets() != outside.projector_greets()


def test_a_dead_tv_is_silent_until_it_is_mended(outside: Outside) -> None:
    outside.do("fault", "tv-dead")
    assert outside.tv(b"ka 01 ff\r", 0.5) == b""
    outside.do("mend", "tv-dead")
    assert outside.tv(b"ka 01 ff\r") == b"a 01 OK01x"


def test_a_dead_receiver_closes_its_port_and_takes_the_picture_along(outside: Outside) -> None:
    outside.do("fault", "receiver-dead")
    with pytest.raises(ConnectionRefusedError):
        outside.signal()
    assert outside.tv(b"sv 01 02 ff\r") == b"v 01 OK0200x"
    outside.do("mend", "all")
    assert outside.signal()["inStandby"] == "false"


def test_a_dead_projector_closes_its_port_and_opens_it_mended(outside: Outside) -> None:
    outside.do("fault", "projector-dead")
    with pytest.raises(ConnectionRefusedError):
        outside.projector_greets()
    outside.do("mend", "projector-dead")
    assert outside.projector_greets().startswith(b"PJLINK")


def test_two_power_cuts_need_two_mendings(outside: Outside) -> None:
    outside.do("fault", "projector-dead")
    outside.do("fault", "receiver-dead")
    outside.do("mend", "receiver-dead")
    assert outside.signal()
    with pytest.raises(ConnectionRefusedError):
        outside.projector_greets()


def test_in_the_morning_the_set_answers_in_standby_and_then_comes_on(tmp_path: Path, clock: Any) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(device("tv", "lg-rs232", "") + device("receiver", "openwebif", "port = 0"))
    bench = Bench(config.load(path), path, tmp_path / "run", clock)
    bench.open()
    outside = Outside(bench)
    try:
        assert outside.tv(b"ka 01 ff\r") == b"a 01 OK00x"
        assert outside.signal()["inStandby"] == "true"
        clock.pass_s(17)
        assert outside.signal()["inStandby"] == "false"
        assert outside.tv(b"ka 01 ff\r") == b"a 01 OK00x"
        clock.pass_s(2)
        assert outside.tv(b"ka 01 ff\r") == b"a 01 OK01x"
    finally:
        bench.close()


@pytest.mark.parametrize("speaks", ["pjlink", "openwebif"])
def test_a_port_in_use_names_file_and_key(tmp_path: Path, speaks: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        path = tmp_path / "bench.toml"
        path.write_text(device("tv", "lg-rs232", "") + device("taken", speaks, f"port = {number}"))
        with pytest.raises(PortTaken) as caught:
            Bench(config.load(path), path, tmp_path / "run").open()
    assert str(caught.value) == (
        f"{path}: p1-taken.port: 127.0.0.1:{number} is in use by another program; choose a free port there (0 takes any)"
    )
    assert list((tmp_path / "run").iterdir()) == []


def test_an_address_of_another_machine_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(device("projector", "pjlink", 'host = "192.0.2.1"\nport = 0'))
    with pytest.raises(SettingsMistake, match=r"p1-projector\.host: cannot listen on 192\.0\.2\.1:0 .*name an address"):
        Bench(config.load(path), path, tmp_path / "run").open()


def test_closing_leaves_nothing_behind(settings_file: Path, tmp_path: Path) -> None:
    bench = Bench(config.load(settings_file), settings_file, tmp_path / "run")
    bench.open()
    assert (tmp_path / "run" / CONTROL).exists()
    bench.close()
    assert list((tmp_path / "run").iterdir()) == []
