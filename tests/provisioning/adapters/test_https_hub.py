import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioning.adapters.https_hub import HttpsHubs
from provisioning.adapters.https_line import Address
from provisioning.errors import HubUnreachable, NotOurHub, OperatorError
from tests.provisioning.simulators import DistrictHub, SimulatedClock, district


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[DistrictHub]:
    with district(tmp_path / "stranger") as stranger:
        yield stranger


def test_a_hub_of_another_authority_is_not_ours(hub: DistrictHub, stranger: DistrictHub, clock: SimulatedClock) -> None:
    with pytest.raises(NotOurHub, match="this is not your district's hub"):
        HttpsHubs(clock).at(stranger.address, hub.authority.trust).trust()


def test_a_certificate_of_ours_for_another_name_is_not_the_hub(hub: DistrictHub, clock: SimulatedClock) -> None:
    elsewhere = hub.address.replace("127.0.0.1", "localhost")
    with pytest.raises(NotOurHub, match="not its address"):
        HttpsHubs(clock).at(elsewhere, hub.authority.trust).trust()


def test_who_cannot_be_reached_is_asked_a_few_times(hub: DistrictHub, clock: SimulatedClock) -> None:
    address = hub.address
    hub.close()
    with pytest.raises(HubUnreachable):
        HttpsHubs(clock).at(address, hub.authority.trust).trust()
    assert clock.mono > 1
    hub.server = hub._serve()


def test_a_name_that_nobody_has_is_told_as_such(hub: DistrictHub, clock: SimulatedClock) -> None:
    with pytest.raises(HubUnreachable, match="no such name"):
        HttpsHubs(clock).at("https://hub.invalid:8443", hub.authority.trust).trust()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nothing of HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000,
    ],
)
def test_an_answer_that_is_none_is_a_matter_of_time(
    hub: DistrictHub, clock: SimulatedClock, saying: Callable[[bytes], str], answer: bytes
) -> None:
    with pytest.raises(HubUnreachable):
        HttpsHubs(clock, tries=1).at(saying(answer), hub.authority.trust).trust()


@pytest.fixture
def saying(hub: DistrictHub) -> Iterator[Callable[[bytes], str]]:
    """Somebody with the hub's certificate who says just this."""
    from hub.pki.kept import keep_server
    from hub.pki.tls import server_context

    context = server_context(keep_server(hub.authority, "devices", ["127.0.0.1"], hub.now))
    listener = socket.create_server(("127.0.0.1", 0))

    def say(answer: bytes) -> str:
        def serve() -> None:
            connection, _ = listener.accept()
            with context.wrap_socket(connection, server_side=True) as line:
                line.recv(4096)
                try:
                    line.sendall(answer)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}"

    yield say
    listener.close()


@pytest.mark.parametrize(("text", "read"), [("https://hub", "https://hub:443"), ("https://h:8443/", "https://h:8443")])
def test_an_address_is_a_name_and_a_port(text: str, read: str) -> None:
    assert str(Address.parse(text)) == read


def test_an_address_of_the_newer_kind_is_one_too() -> None:
    assert Address.parse("https://[::1]:8443") == Address("::1", 8443)


@pytest.mark.parametrize("text", ["", "ftp://hub", "https://hub?x", "https://hub:99999", "https://[::1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(OperatorError):
        Address.parse(text)
