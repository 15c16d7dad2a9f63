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


@dataclass
class Outside:
    """Somebody who has only the cables."""

    bench: Bench

    def tv(self, request: bytes) -> bytes:
        with serial.Serial(str(self.bench.tv.path), 9600, timeout=0.5) as port:
            port.write(request)
            return bytes(port.read_until(b"x"))

    def signal(self) -> dict[str, Any]:
        caller = http.client.HTTPConnection("127.0.0.1", self.bench.receiver.port, timeout=5)
        try:
            caller.request("GET", "/api/signal")
            parsed: dict[str, Any] = json.loads(caller.getresponse().read())
            return parsed
        finally:
            caller.close()

    def projector_greets(self) -> bytes:
        with socket.create_connection(("127.0.0.1", self.bench.projector.port), timeout=5) as caller:
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
    for place in (bench.tv.path, f"tcp://127.0.0.1:{bench.projector.port}", f"http://127.0.0.1:{bench.receiver.port}"):
        assert str(place) in lines


def test_the_classroom_runs(outside: Outside) -> None:
    assert outside.tv(b"ka 01 ff\r") == b"a 01 OK01x"
    assert outside.tv(b"sv 01 02 ff\r") == b"v 01 OK0201x"
    assert outside.signal()["inStandby"] == "false"
    assert outside.projector_greets().startswith(b"PJLINK 1 ")


def test_every_session_gets_a_salt_of_its_own(outside: Outside) -> None:
    assert outside.projector_greets() != outside.projector_greets()


def test_a_dead_tv_is_silent_until_it_is_mended(outside: Outside) -> None:
    outside.do("fault", "tv-dead")
    assert outside.tv(b"ka 01 ff\r") == b""
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
    path.write_text("[projector]\nport = 0\n[receiver]\nport = 0\n")
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


@pytest.mark.parametrize("table", ["projector", "receiver"])
def test_a_port_in_use_names_file_and_key(tmp_path: Path, table: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        path = tmp_path / "bench.toml"
        ports = {"projector": 0, "receiver": 0} | {table: number}
        path.write_text("".join(f"[{name}]\nport = {port}\n" for name, port in ports.items()))
        with pytest.raises(PortTaken) as caught:
            Bench(config.load(path), path, tmp_path / "run").open()
    assert str(caught.value) == (
        f"{path}: {table}.port: 127.0.0.1:{number} is in use by another program; choose a free port there (0 takes any)"
    )
    assert list((tmp_path / "run").iterdir()) == []


def test_an_address_of_another_machine_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_text('[projector]\nhost = "192.0.2.1"\nport = 0\n')
    with pytest.raises(SettingsMistake, match=r"projector\.host: cannot listen on 192\.0\.2\.1:0 .*name an address"):
        Bench(config.load(path), path, tmp_path / "run").open()


def test_closing_leaves_nothing_behind(settings_file: Path, tmp_path: Path) -> None:
    bench = Bench(config.load(settings_file), settings_file, tmp_path / "run")
    bench.open()
    assert (tmp_path / "run" / CONTROL).exists()
    bench.close()
    assert list((tmp_path / "run").iterdir()) == []
