import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from hub.pki.authority import Authority
from hub.pki.kept import Kept, keep_client, keep_server
from hub.pki.tls import server_context, take

NOW = 1_800_000_000_000
DAY = 86_400_000
NAMES = ["hub.example.org", "192.0.2.7", "2001:db8::7", "localhost", "127.0.0.1"]
NO_CHECK_TIME = 0x200000


def greeted(context: ssl.SSLContext, trusted: str, name: str) -> x509.Certificate:
    """The certificate that a client gets to see over a real connection. Raises ssl.SSLError where it does not trust."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, context), daemon=True)
        thread.start()
        client = ssl.create_default_context(cadata=trusted)
        client.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME) | ssl.VERIFY_X509_STRICT
        try:
            plain = socket.create_connection(listener.getsockname(), timeout=60)
            with plain, client.wrap_socket(plain, server_hostname=name) as secure:
                der = secure.getpeercert(binary_form=True)
        finally:
            thread.join(60)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    connection.settimeout(60)
    try:
        context.wrap_socket(connection, server_side=True).close()
    except (OSError, ssl.SSLError):
        connection.close()


def serial(kept: Kept) -> int:
    return x509.load_pem_x509_certificate(kept.certificate.read_bytes()).serial_number


@pytest.mark.parametrize("name", NAMES)
def test_a_device_that_trusts_the_root_is_greeted_by_each_name_and_address(authority: Authority, name: str) -> None:
    context = server_context(keep_server(authority, "devices", NAMES, NOW))
    assert greeted(context, authority.trust[0], name)


def test_by_another_name_or_another_root_it_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    context = server_context(keep_server(authority, "devices", NAMES, NOW))
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greeted(context, authority.trust[0], "elsewhere.example.org")
    with pytest.raises(ssl.SSLCertVerificationError):
        greeted(context, Authority(tmp_path / "other", NOW).trust[0], NAMES[0])


def test_a_device_that_knows_only_the_old_root_is_greeted_after_a_rotation(authority: Authority) -> None:
    (old,) = authority.trust
    context = server_context(keep_server(authority, "devices", NAMES, NOW))
    before = greeted(context, old, NAMES[0])
    authority.rotate(NOW)
    kept = keep_server(authority, "devices", NAMES, NOW)
    assert kept.renewed
    take(context, kept)
    for trusted in (old, authority.trust[1]):
        after = greeted(context, trusted, NAMES[0])
        assert after.issuer == authority.active.certificate.subject
        assert after != before


def test_it_is_kept_while_nothing_changed(authority: Authority) -> None:
    first = keep_server(authority, "devices", NAMES, NOW)
    again = keep_server(authority, "devices", NAMES, NOW + 50 * DAY)
    assert (first.renewed, again.renewed) == (True, False)
    assert serial(first) == serial(again)


@pytest.mark.parametrize("days", [61, 200, -30])
def test_it_is_renewed_in_time_also_where_the_clock_was_wrong(authority: Authority, days: int) -> None:
    keep_server(authority, "devices", NAMES, NOW)
    assert keep_server(authority, "devices", NAMES, NOW + days * DAY).renewed


def test_another_name_of_the_hub_gives_another_certificate_for_the_same_key(authority: Authority) -> None:
    first = keep_server(authority, "devices", NAMES, NOW)
    key = first.key.read_bytes()
    moved = keep_server(authority, "devices", ["new.example.org", *NAMES], NOW)
    assert moved.renewed
    assert moved.key.read_bytes() == key


def test_a_lost_key_or_spoilt_certificate_is_made_anew(authority: Authority) -> None:
    first = keep_server(authority, "devices", NAMES, NOW)
    first.key.unlink()
    assert keep_server(authority, "devices", NAMES, NOW).renewed
    first.certificate.write_bytes(b"spoilt")
    assert keep_server(authority, "devices", NAMES, NOW).renewed
    assert not keep_server(authority, "devices", NAMES, NOW).renewed


def test_a_retired_root_leaves_the_chain(authority: Authority) -> None:
    authority.rotate(NOW)
    keep_server(authority, "devices", NAMES, NOW)
    authority.retire(1)
    kept = keep_server(authority, "devices", NAMES, NOW)
    assert kept.renewed
    assert kept.certificate.read_text().count("BEGIN") == 1


def test_the_hub_is_a_client_under_its_host_id(authority: Authority) -> None:
    kept = keep_client(authority, "hub-cpm3", "hub-cpm3", NOW)
    certificate = x509.load_pem_x509_certificate(kept.certificate.read_bytes())
    assert certificate.subject.rfc4514_string() == "CN=hub-cpm3"
    assert not keep_client(authority, "hub-cpm3", "hub-cpm3", NOW).renewed
    assert keep_client(authority, "hub-cpm3", "hub-other", NOW).renewed
