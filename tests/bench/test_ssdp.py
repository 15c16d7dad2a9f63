"""A search finds the device by its type, as root device, by its name, and with everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ssdp import SsdpDevice

TYPE = "urn:ses-com:device:SatIPServer:1"
DEVICE = SsdpDevice(TYPE, "p1-receiver", "http://127.0.0.1:8080/desc.xml", "DEVICEID.SES.COM: 1")


def search(target: str, man: str = '"ssdp:discover"') -> list[list[str]]:
    asked = f"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: {man}\r\nMX: 1\r\nST: {target}\r\n\r\n"
    return [reply.decode().split("\r\n") for reply in DEVICE.replies(asked.encode())]


@pytest.mark.parametrize("target", [TYPE, "upnp:rootdevice", DEVICE.uuid])
def test_each_of_its_names_finds_it_once(target: str) -> None:
    (reply,) = search(target)
    assert reply[0] == "HTTP/1.1 200 OK"
    assert f"ST: {target}" in reply
    assert "LOCATION: http://127.0.0.1:8080/desc.xml" in reply
    assert "DEVICEID.SES.COM: 1" in reply
    assert reply[-2:] == ["", ""]


def test_a_search_for_all_finds_every_name() -> None:
    assert len(search("ssdp:all")) == 3


def test_another_type_or_another_request_finds_nothing() -> None:
    assert search("urn:schemas-upnp-org:device:MediaServer:1") == []
    assert search(TYPE, man='"ns=01"') == []
    assert DEVICE.replies(b"NOTIFY * HTTP/1.1\r\n\r\n") == []


def test_it_tells_everybody_each_of_its_names() -> None:
    notices = [notice.decode().split("\r\n") for notice in DEVICE.notices()]
    assert [notice[0] for notice in notices] == ["NOTIFY * HTTP/1.1"] * 3
    assert all({"HOST: 239.255.255.250:1900", "NTS: ssdp:alive"} <= set(notice) for notice in notices)
    types = [next(line for line in notice if line.startswith("NT: ")) for notice in notices]
    assert types == ["NT: upnp:rootdevice", f"NT: {DEVICE.uuid}", f"NT: {TYPE}"]


@given(st.binary(max_size=100))
def test_noise_finds_nothing(noise: bytes) -> None:
    assert DEVICE.replies(noise) == []
