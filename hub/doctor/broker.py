"""The broker: reached, showing the certificate that it was given, and letting nobody in who shows none."""

import socket
import ssl
from collections.abc import Iterator

from hub.config import HubSettings
from hub.doctor.findings import Finding, bad, good
from hub.guarding import needs_guard, pki_folder
from hub.mqtt.access import KEEPER
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.mosquitto_conf import CERTIFICATE

_WITHIN_S = 5.0
# CONNECT of MQTT 3.1.1 with the client id "doctor" and a clean session; CONNACK that accepts.
_CONNECT = b"\x10\x12\0\4MQTT\4\2\0\x0a\0\6doctor"
_ACCEPTED = b"\x20\x02\x00\x00"
_READ_AGAIN = "systemctl reload mosquitto; it should come by itself: systemctl status dltv-broker-reload.path"


def broker(settings: HubSettings) -> Iterator[Finding]:
    url = settings.broker_url
    listen = settings.mqtt.listen
    here = url or BrokerUrl({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host), listen.port)  # noqa: S104
    guarded = needs_guard(settings)
    try:
        socket.create_connection((here.host, here.port), _WITHIN_S).close()
    except OSError as error:
        way_out = "systemctl status mosquitto" if url else "start the hub: the broker is in it"
        yield bad("broker", f"{here} is not reached ({error.strerror or error})", way_out)
        return
    yield good("broker", f"{here} is reached")
    if guarded or here.tls:
        yield _refuses_strangers(here)
    if guarded and url is not None and settings.broker.files is not None:
        yield from _shows_its_certificate(settings, here)


def _refuses_strangers(here: BrokerUrl) -> Finding:
    """Whoever shows no certificate. Whether ours trusts theirs is not the question here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((here.host, here.port), _WITHIN_S) as plain, context.wrap_socket(plain) as secure:
            secure.sendall(_CONNECT)
            accepted = secure.recv(4) == _ACCEPTED
    except OSError:
        accepted = False
    if accepted:
        way_out = "run it by the configuration that dltv-hub broker-config writes"
        return bad("broker", "it lets anybody in who shows no certificate", way_out)
    return good("broker", "it refuses whoever shows no certificate")


def _shows_its_certificate(settings: HubSettings, here: BrokerUrl) -> Iterator[Finding]:
    try:
        shown = _shown(settings, here)
        path = (settings.broker.files or settings.data_dir) / CERTIFICATE
        given = path.read_text("ascii")
    except OSError as error:
        yield bad("broker", f"its certificate is not trusted ({error})", _READ_AGAIN)
        return
    if _body(shown) == _body(given):
        yield good("broker", "it shows the certificate that it was given")
    else:
        yield bad("broker", "it has not read its files since they changed: who was shut out may come back", _READ_AGAIN)


def _shown(settings: HubSettings, here: BrokerUrl) -> str:
    """By a handshake alone: who sends no CONNECT takes over nobody's session. Raises OSError."""
    folder = pki_folder(settings)
    context = ssl.create_default_context(cafile=str(folder / "trust.pem"))
    context.load_cert_chain(folder / f"mqtt-{KEEPER}.pem", folder / f"mqtt-{KEEPER}.key")
    with (
        socket.create_connection((here.host, here.port), _WITHIN_S) as plain,
        context.wrap_socket(plain, server_hostname=here.host) as secure,
    ):
        return ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True) or b"")


def _body(pem: str) -> str:
    """Of the first certificate."""
    _, _, rest = pem.partition("-----BEGIN CERTIFICATE-----")
    return "".join(rest.partition("-----END CERTIFICATE-----")[0].split())
