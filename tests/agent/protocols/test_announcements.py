import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.protocols.announcements import mdns_names, mdns_search, pjlink_names, ssdp_names, ssdp_search

SERVICE = b"\x07_shelly\x04_tcp\x05local\x00"
HEAD = b"\x00\x00\x84\x00\x00\x00\x00\x02\x00\x00\x00\x00"
POINTER = b"\xc0\x0c"
ANSWER = (
    HEAD
    + SERVICE
    + b"\x00\x0c\x00\x01\x00\x00\x00\x78\x00\x08\x05plugA"
    + POINTER
    + b"\x05plugA"
    + POINTER
    + b"\x00\x21\x80\x01\x00\x00\x00\x78\x00\x08\x00\x00\x00\x00\x00\x50"
    + POINTER
)


def notice(how: str) -> bytes:
    lines = ["NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "NT: urn:ses-com:device:SatIPServer:1", f"NTS: {how}"]
    return "\r\n".join([*lines, "SERVER: Linux minisatip/1", "", ""]).encode()


def test_a_projector_names_its_hardware_address() -> None:
    assert pjlink_names(b"%2ACKN=00:11:22:33:44:55\r") == ["PJLink 00:11:22:33:44:55"]


def test_an_ssdp_answer_names_type_and_software() -> None:
    answer = b"HTTP/1.1 200 OK\r\nST: urn:ses-com:device:SatIPServer:1\r\nSERVER: Linux minisatip/1\r\n\r\n"
    assert ssdp_names(answer) == ["urn:ses-com:device:SatIPServer:1", "Linux minisatip/1"]


def test_a_projector_that_came_to_the_network_names_itself_unasked() -> None:
    assert pjlink_names(b"%2LKUP=00:11:22:33:44:55\r") == ["PJLink 00:11:22:33:44:55"]


def test_a_device_that_came_to_the_network_names_its_type_unasked() -> None:
    assert ssdp_names(notice("ssdp:alive")) == ["urn:ses-com:device:SatIPServer:1", "Linux minisatip/1"]


@pytest.mark.parametrize("how", ["ssdp:byebye", "ssdp:update", ""])
def test_who_takes_leave_has_no_name(how: str) -> None:
    assert ssdp_names(notice(how)) == []


def test_an_mdns_record_that_takes_leave_has_no_name() -> None:
    assert mdns_names(ANSWER.replace(b"\x00\x00\x00\x78", bytes(4))) == []


def test_an_ssdp_search_is_one_and_no_answer() -> None:
    assert b"\r\nST: ssdp:all\r\n" in ssdp_search()
    assert ssdp_names(ssdp_search()) == []


def test_an_mdns_answer_names_instances() -> None:
    assert mdns_names(ANSWER) == ["plugA._shelly._tcp"]


def test_an_mdns_query_asks_for_each_service_and_is_no_answer() -> None:
    query = mdns_search(["_http._tcp", "_shelly._tcp"])
    assert query[4:6] == b"\x00\x02"
    assert b"\x07_shelly\x04_tcp\x05local\x00\x00\x0c\x80\x01" in query
    assert mdns_names(query) == []


def test_a_name_that_points_to_itself_is_no_name() -> None:
    assert mdns_names(HEAD + b"\xc0\x0c" + ANSWER[20:]) == []


@pytest.mark.parametrize("read", [pjlink_names, ssdp_names, mdns_names])
@given(
    data=st.binary()
    | st.builds(bytes.__add__, st.sampled_from([HEAD, b"NOTIFY * HTTP/1.1\r\n", b"%2LKUP="]), st.binary())
    | st.integers(0, 200).map(lambda length: notice("ssdp:alive")[:length])
)
def test_whatever_comes_in_nothing_is_raised(read: object, data: bytes) -> None:
    assert callable(read)
    assert isinstance(read(data), list)


@given(st.integers(0, len(ANSWER)))
def test_an_answer_cut_short_is_no_error(length: int) -> None:
    assert set(mdns_names(ANSWER[:length])) <= {"plugA._shelly._tcp"}
