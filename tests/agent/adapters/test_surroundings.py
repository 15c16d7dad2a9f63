from pathlib import Path

import pytest

from agent.adapters.surroundings import files_named, host_of, is_absent, lines_named, real_place
from firmware_profiles.links import Scheme


def test_lines_are_told_with_the_place_that_is_behind_their_names(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "usb-a").symlink_to("ttyUSB0")
    (tmp_path / "usb-gone").symlink_to("ttyUSB1")
    assert lines_named([f"{tmp_path}/usb-*"]) == {f"{tmp_path}/usb-a": f"{tmp_path}/ttyUSB0"}


@pytest.mark.parametrize("pattern", ["/", "//", "/**x", "/[", "/no/such/place/*"])
def test_a_strange_pattern_does_no_harm(pattern: str) -> None:
    assert set(lines_named([pattern])) <= {"/", "//"}


def test_all_names_of_one_line_are_one_place(tmp_path: Path) -> None:
    (tmp_path / "usb-a").symlink_to("ttyUSB0")
    assert real_place(f"serial:{tmp_path}/usb-a") == real_place(f"{tmp_path}/ttyUSB0")


@pytest.mark.parametrize("address", ["tcp://192.0.2.7:4352", "usb:ffff:ffff:none", "usb:wrong"])
def test_what_is_no_line_of_this_computer_stays_as_it_is(address: str) -> None:
    assert real_place(address) == address


def test_device_files_are_told_as_addresses(tmp_path: Path) -> None:
    for name in ("dvb/adapter1/frontend0", "dvb/adapter1/demux0"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    file = f"{tmp_path}/dvb/adapter1/frontend0"
    assert files_named(Scheme.DVB, [f"{tmp_path}/dvb/adapter*/frontend*"]) == {f"dvb:{file}": file}


def test_a_device_file_is_one_place_as_address_and_as_name(tmp_path: Path) -> None:
    (tmp_path / "cec-tv").symlink_to("cec0")
    assert real_place(f"cec:{tmp_path}/cec-tv") == real_place(f"{tmp_path}/cec0")


def test_the_host_of_an_address_is_a_number() -> None:
    assert host_of("tcp://192.0.2.7:4352") == host_of("http://192.0.2.7") == "192.0.2.7"
    assert host_of("http://localhost:80") == "127.0.0.1"


@pytest.mark.parametrize(
    "address", ["/dev/ttyUSB0", "dvb:/dev/dvb/adapter0/frontend0", "http://[", "tcp://", "command:"]
)
def test_what_is_no_hosts_has_none(address: str) -> None:
    assert host_of(address) is None


def test_a_place_that_is_not_there_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").touch()
    there = [
        f"{tmp_path}/here",
        f"serial:{tmp_path}/here",
        "serial:here",
        f"cec:{tmp_path}/here",
        "tcp://192.0.2.7",
        "command:",
    ]
    assert [address for address in there if is_absent(address)] == []
    gone = [f"{tmp_path}/gone", "serial:gone", f"dvb:{tmp_path}/gone", "usb:ffff:ffff:none"]
    assert [address for address in gone if not is_absent(address)] == []
