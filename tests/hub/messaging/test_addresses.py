"""Addresses as people type them, and where they may lead."""

from ipaddress import ip_network

import pytest

from hub.messages.refusals import MessageRefused
from hub.messaging.addresses import read_address, recipient, service_of
from hub.messaging.reach import may_reach


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("email", " somchai@school.example "), "email:somchai@school.example"),
        (("line", "ab+c/d=", "U0123"), "line://ab%2Bc%2Fd%3D/U0123"),
        (("tgram", "123:abc", "-100"), "tgram://123:abc/-100"),
        (("jsons", "https://host.example/a?+X-Key=b"), "jsons://host.example/a?+X-Key=b"),
        (("url", "ntfys://ntfy.example/topic"), "ntfys://ntfy.example/topic"),
        (("url", "ntfys://ntfy.example/?to=a&Priority=high;"), "ntfys://ntfy.example/?to=a&Priority=high;"),
    ],
)
def test_what_is_typed_becomes_an_address(given: tuple[str, ...], kept: str) -> None:
    assert read_address(*given) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("email", "somchai"), "way_email"),
        (("email", "a@b.example,c@d.example"), "way_email"),
        (("email", "a@b.example\nBcc: c@d.example"), "way_email"),
        (("line", "token"), "way_missing"),
        (("jsons", "ftp://host.example"), "way_hook"),
        (("url", "file:///etc/passwd"), "way_unknown"),
        (("url", "syslog://"), "way_unknown"),
        (("url", "workflows://host/?template=/etc/passwd"), "way_parameter"),
        (("url", "mailtos://a:b@host.example?pgpkey=/etc/passwd"), "way_parameter"),
        (("url", "jsons://host.example/?verify=no"), "way_parameter"),
        (("url", "json://host.example/?to=a;verify=no"), "way_parameter"),
        (("url", "json://host.example/?%20verify=no"), "way_parameter"),
        (("url", "json://host.example/?+to=a&VERIFY%20=no"), "way_parameter"),
        (("url", "json://host.example/#?verify=no"), "way_parameter"),
        (("url", "workflows://host.example/a/b/c/?%20template=file:///etc/passwd"), "way_parameter"),
        (("url", "mailto://a:b@host.example?to=c@host.example;pgpkey=/etc/passwd"), "way_parameter"),
        (("url", "json://[host"), "way_unknown"),
        (("jsons", "https://[host"), "way_unknown"),
        (("pager", "x"), "way_unknown"),
        (("url", ""), "way_missing"),
        (("url", "jsons://" + "a" * 2000), "way_missing"),
    ],
)
def test_what_cannot_be_or_must_not_is_refused(given: tuple[str, ...], code: str) -> None:
    with pytest.raises(MessageRefused) as refused:
        read_address(*given)
    assert refused.value.code == code


def test_the_service_and_the_recipient_are_read_back() -> None:
    assert service_of("jsons://host.example") == "jsons"
    assert recipient("email:a@b.example") == "a@b.example"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2002:a9fe:a9fe::",
     "2001:0:7f00:1::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "fd00:ec2::254", "::", "100.100.100.200",
     "168.63.129.16", "192.0.0.192", "192.88.99.1", "198.18.0.1", "240.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_what_is_not_in_the_public_network_is_not_reached(address: str) -> None:
    assert not may_reach(address, ())


def test_what_the_settings_allow_is_reached() -> None:
    allowed = (ip_network("10.0.0.0/8"),)
    assert may_reach("10.1.2.3", allowed)
    assert may_reach("::ffff:10.1.2.3", allowed)
    assert may_reach("8.8.8.8", ())
    assert not may_reach("192.168.0.1", allowed)
