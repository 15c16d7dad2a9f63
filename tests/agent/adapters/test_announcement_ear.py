"""Searching and hearing on the loopback: the bench's projector and SAT>IP server, and sockets in the real multicast groups."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.announcement_ear import MAX_NAMES, AnnouncementEar
from agent.core.neighbourhood import Neighbourhood
from agent.protocols.announcements import MDNS_GROUP, MDNS_PORT, PJLINK_PORT, SSDP_GROUP, SSDP_PORT
from bench.app import Bench
from bench.catalogue import catalogue
from bench.settings import BenchSettings
from bench.ssdp import SsdpDevice

PATIENCE_S = 60.0
SATIP = "urn:ses-com:device:SatIPServer:1"
SERVICES = [SATIP, "_shelly._tcp"]
SHELLY = b"\0\0\x84\0\0\0\0\x01\0\0\0\0\x07_shelly\x04_tcp\x05local\0\0\x0c\0\x01\0\0\0\x78\0\x08\x05plugA\xc0\x0c"


@pytest.fixture
def net() -> str:
    """The first three numbers of a network of the loopback that nobody else uses."""
    return f"127.{random.randint(64, 250)}.{random.randint(1, 250)}"


@pytest.fixture
def open_ear(net: str) -> Iterator[Callable[[], AnnouncementEar]]:
    """An ear for the hosts 1 to 6 of that network, whose broadcast address is 7."""
    with contextlib.ExitStack() as ears:

        def make() -> AnnouncementEar:
            ear = AnnouncementEar([Neighbourhood(IPv4Network(f"{net}.0/29"), "127.0.0.1")], SERVICES)
            ears.callback(ear.close)
            return ear

        yield make


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """bench(speaks=…, host=…) is on the network when it returns."""
    with contextlib.ExitStack() as benches:

        def begin(**keys: Any) -> None:
            device = catalogue()[keys["speaks"]].settings.model_validate({"key": "unit", "room": "p1", **keys})
            one = Bench(BenchSettings(device=(device,)), tmp_path / "bench.toml", tmp_path / "run", lambda: 0)
            one.open()
            benches.callback(one.close)

        yield begin


def heard(
    ear: AnnouncementEar, say: Callable[[], object] = lambda: None, rests: set[str] | None = None
) -> dict[str, list[str]]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        say()
        if found := ear.heard(lambda host: host in (rests or ())):
            return found
        time.sleep(0.01)
    pytest.fail("nothing was heard")


def teller(host: str) -> socket.socket:
    """A socket from which a host of the network speaks."""
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((host, 0))
    one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host))
    return one


def member(group: str, port: int) -> socket.socket:
    """A socket that hears what is said to a group."""
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((group, port))
    joined = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
    one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
    one.settimeout(PATIENCE_S)
    return one


def test_a_projector_answers_the_search(net: str, open_ear: Any, bench: Any) -> None:
    bench(speaks="pjlink", host=f"{net}.7", mac="02:00:00:00:00:07")
    ear = open_ear()
    ear.search()
    assert heard(ear) == {f"{net}.7": ["PJLink 02:00:00:00:00:07"]}


def test_a_projector_that_comes_to_the_network_is_heard(net: str, open_ear: Any, bench: Any) -> None:
    ear = open_ear()
    bench(speaks="pjlink", host=f"{net}.2", announce_to=f"{net}.7", mac="02:00:00:00:00:02")
    assert heard(ear) == {f"{net}.2": ["PJLink 02:00:00:00:00:02"]}


def test_a_sat_ip_server_that_comes_to_the_network_is_heard(net: str, open_ear: Any, bench: Any) -> None:
    ear = open_ear()
    bench(speaks="satip", host=f"{net}.3", port=0, ssdp_port=SSDP_PORT, announces=True)
    assert SATIP in heard(ear)[f"{net}.3"]


def test_the_search_by_ssdp_goes_to_the_group_and_its_answer_is_heard(net: str, open_ear: Any) -> None:
    device = SsdpDevice(SATIP, "unit", "http://127.0.0.1/desc.xml")
    with member(SSDP_GROUP, SSDP_PORT) as group, teller(f"{net}.4") as server:
        ear = open_ear()
        ear.search()

        def answer() -> None:
            question, asker = group.recvfrom(2000)
            for reply in device.replies(question):
                server.sendto(reply, asker)

        assert "upnp:rootdevice" in heard(ear, answer)[f"{net}.4"]


def test_the_search_by_mdns_names_the_profiles_services(open_ear: Any) -> None:
    with member(MDNS_GROUP, MDNS_PORT) as group:
        open_ear().search()
        assert b"\x07_shelly\x04_tcp\x05local\x00" in group.recv(2000)


def test_an_mdns_announcement_is_heard(net: str, open_ear: Any) -> None:
    with teller(f"{net}.5") as plug:
        ear = open_ear()
        assert heard(ear, lambda: plug.sendto(SHELLY, (MDNS_GROUP, MDNS_PORT))) == {f"{net}.5": ["plugA._shelly._tcp"]}


def test_hosts_of_other_networks_and_hosts_that_rest_are_not_heard(net: str, open_ear: Any) -> None:
    with teller(f"{net}.9") as stranger, teller(f"{net}.1") as known, teller(f"{net}.2") as new:
        ear = open_ear()
        for each in (stranger, known, new):
            each.sendto(b"%2LKUP=02:00:00:00:00:02\r", (f"{net}.7", PJLINK_PORT))
        assert list(heard(ear, rests={f"{net}.1"})) == [f"{net}.2"]


def test_noise_is_no_announcement_and_harms_nobody(net: str, open_ear: Any) -> None:
    noise = random.Random(1)
    with teller(f"{net}.1") as noisy, teller(f"{net}.2") as new:
        ear = open_ear()
        for to in ((f"{net}.7", PJLINK_PORT), (SSDP_GROUP, SSDP_PORT), (MDNS_GROUP, MDNS_PORT)):
            for _ in range(20):
                noisy.sendto(noise.randbytes(noise.randrange(200)), to)
        new.sendto(b"%2LKUP=02:00:00:00:00:02\r", (f"{net}.7", PJLINK_PORT))
        assert list(heard(ear)) == [f"{net}.2"]


def test_a_host_that_gives_itself_many_names_is_cut_short(net: str, open_ear: Any) -> None:
    with teller(f"{net}.2") as new:
        ear = open_ear()
        for number in range(3 * MAX_NAMES):
            new.sendto(f"%2LKUP=02:00:00:00:00:{number:02x}\r".encode(), (f"{net}.7", PJLINK_PORT))
        assert len(heard(ear)[f"{net}.2"]) == MAX_NAMES


def test_a_network_that_is_not_there_is_silent() -> None:
    ear = AnnouncementEar([Neighbourhood(IPv4Network("203.0.113.0/29"), "203.0.113.1")], SERVICES)
    ear.search()
    assert ear.heard(lambda _host: False) == {}
    ear.close()


def test_ports_that_another_program_has_are_done_without(net: str, open_ear: Any) -> None:
    taken = [(f"{net}.7", PJLINK_PORT), (SSDP_GROUP, SSDP_PORT)]
    with contextlib.ExitStack() as stack:
        for address in taken:
            one = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            with contextlib.suppress(OSError):  # what another test has is taken as well
                one.bind(address)
        ear = open_ear()
        with teller(f"{net}.5") as plug:
            assert heard(ear, lambda: plug.sendto(SHELLY, (MDNS_GROUP, MDNS_PORT)))


def test_it_takes_no_thread(open_ear: Any) -> None:
    before = threading.active_count()
    open_ear().search()
    assert threading.active_count() == before
