"""https: whom the agent trusts, and that everything else is an error of its own. Certificates are made for the test."""

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.links import open_link
from agent.core.access import Access
from agent.core.device_address import parse_address
from agent.errors import LinkLost, Refused
from agent.ports import Link
from firmware_profiles.links import HttpsLink
from firmware_profiles.links import Link as Settings

SETTINGS = Settings(https=HttpsLink(), timeout_ms=60_000)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that nobody has signed, as devices have them, with its key in the same file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return folder / "certificate.pem"


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """A device that answers each piece with itself, doubled, and closes when it is told `bye`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listener, context))
    thread.start()
    yield listener.getsockname()[1]
    socket.create_connection(listener.getsockname()).close()
    thread.join()
    listener.close()


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        plain, _ = listener.accept()
        plain.settimeout(60)
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                while (data := connection.recv(100)) not in (b"", b"bye"):
                    connection.sendall(data * 2)
                connection.unwrap().close()
        except ssl.SSLCertVerificationError:
            plain.close()
        except ssl.SSLEOFError:
            plain.close()
            return
        except OSError:
            plain.close()


def opened(port: int, ca: Path | None) -> Link:
    return open_link(parse_address(f"https://127.0.0.1:{port}", SETTINGS), SETTINGS, Access(ca=ca))


def test_bytes_go_over_tls(port: int, certificate: Path) -> None:
    link = opened(port, certificate)
    assert link.receive(0) is None
    link.send(b"ab")
    assert link.receive(60) == b"abab"
    assert link.receive(0) is None
    assert link.receive(0.01) is None
    link.send(b"bye")
    assert link.receive(60) == b""
    with contextlib.suppress(LinkLost):
        link.send(b"more")
    link.close()


def test_an_unknown_certificate_is_not_trusted(port: int) -> None:
    with pytest.raises(Refused, match="ca = "):
        opened(port, None)


def test_a_file_that_holds_no_certificate_is_told(port: int, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for path in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(Refused, match="ca: "):
            opened(port, path)


def test_what_speaks_no_tls_is_lost(certificate: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(LinkLost, match="no TLS"):
            opened(listener.getsockname()[1], certificate)
        thread.join()


def test_nobody_there_is_lost(certificate: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LinkLost, match=f"https://127.0.0.1:{port}: "):
        opened(port, certificate)
