import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core.device_address import Address, BadAddress, parse_address
from firmware_profiles.links import (
    CecLink,
    CommandLink,
    DvbLink,
    HttpLink,
    HttpsLink,
    Link,
    Scheme,
    SerialLink,
    SnmpLink,
    TcpLink,
    UdpLink,
)

ANY = Link(
    serial=SerialLink(),
    tcp=TcpLink(port=9761),
    udp=UdpLink(port=7000),
    http=HttpLink(),
    https=HttpsLink(),
    snmp=SnmpLink(),
    dvb=DvbLink(),
    cec=CecLink(),
    command=CommandLink(run=("tool",)),
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/dev/ttyUSB0", Address(Scheme.SERIAL, "/dev/ttyUSB0")),
        ("serial:/dev/serial/by-id/usb-1", Address(Scheme.SERIAL, "/dev/serial/by-id/usb-1")),
        ("serial:COM3", Address(Scheme.SERIAL, "COM3")),
        ("tcp://192.0.2.7", Address(Scheme.TCP, "192.0.2.7", 9761)),
        ("tcp://tv.example:4000", Address(Scheme.TCP, "tv.example", 4000)),
        ("tcp://[2001:db8::7]:4000", Address(Scheme.TCP, "2001:db8::7", 4000)),
        ("http://192.0.2.8/", Address(Scheme.HTTP, "192.0.2.8", 80)),
        ("HTTP://192.0.2.8:8080", Address(Scheme.HTTP, "192.0.2.8", 8080)),
        ("https://192.0.2.8", Address(Scheme.HTTPS, "192.0.2.8", 443)),
        ("udp://192.0.2.8", Address(Scheme.UDP, "192.0.2.8", 7000)),
        ("snmp://192.0.2.8", Address(Scheme.SNMP, "192.0.2.8", 161)),
        ("usb:0403:6001", Address(Scheme.SERIAL, "usb:0403:6001")),
        ("USB:0403:6001:A5:B6", Address(Scheme.SERIAL, "usb:0403:6001:A5:B6")),
        ("rfc2217://moxa.example:4001", Address(Scheme.SERIAL, "rfc2217://moxa.example:4001")),
        ("socket://[2001:db8::7]:4001", Address(Scheme.SERIAL, "socket://[2001:db8::7]:4001")),
        ("dvb:/dev/dvb/adapter0/frontend0", Address(Scheme.DVB, "/dev/dvb/adapter0/frontend0")),
        ("cec:/dev/cec0", Address(Scheme.CEC, "/dev/cec0")),
        ("command:", Address(Scheme.COMMAND, "")),
        ("command:/opt/tool", Address(Scheme.COMMAND, "/opt/tool")),
    ],
)
def test_a_good_address_is_read(text: str, address: Address) -> None:
    assert parse_address(text, ANY) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "192.0.2.7",
        "ttyUSB0",
        "serial:",
        "tcp://",
        "tcp://a:b",
        "tcp://a:0",
        "tcp://a:99999",
        "http://a/b",
        "ftp://a",
        "dvb:",
        "cec:",
        "usb:",
        "usb:0403",
        "usb:0403:600",
        "usb:040g:6001",
        "rfc2217://",
        "rfc2217://a",
        "socket:4001",
    ],
)
def test_what_is_no_address_gets_a_way_out(text: str) -> None:
    with pytest.raises(BadAddress, match="write "):
        parse_address(text, ANY)


def test_an_address_of_another_transport_is_told_which_there_are() -> None:
    with pytest.raises(BadAddress, match=r"write serial:/dev/ttyUSB0 or tcp://host:port$"):
        parse_address("http://a", Link(serial=SerialLink(), tcp=TcpLink(port=1)))


def test_an_address_is_written_as_it_is_read() -> None:
    for text in ("/dev/ttyUSB0", "tcp://[2001:db8::7]:4000", "http://a:80", "usb:0403:6001", "command:/opt/tool"):
        assert str(parse_address(text, ANY)) == text


@pytest.mark.parametrize(
    ("text", "alone"),
    [("/dev/ttyUSB0", True), ("rfc2217://a:1", True), ("cec:/dev/cec0", True), ("tcp://a", False), ("command:", False)],
)
def test_lines_and_files_are_of_one_device(text: str, alone: bool) -> None:
    assert parse_address(text, ANY).is_of_one_device is alone


@given(st.text() | st.text("tcph:/[].0123456789sria@?#", max_size=20))
def test_any_text_is_an_address_or_a_mistake(text: str) -> None:
    with contextlib.suppress(BadAddress):
        parse_address(text, ANY)
