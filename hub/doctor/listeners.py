"""What people and computers of schools reach: the pages, and the device API."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator

from hub.config import HubSettings, Listen
from hub.doctor.findings import Finding, bad, doubtful, good
from hub.guarding import pki_folder

_WITHIN_S = 10.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to call, not where to listen
_MAX_ANSWER = 65_536


def pages(settings: HubSettings) -> Iterator[Finding]:
    listen = settings.http.listen
    connection = http.client.HTTPConnection(_EVERYWHERE.get(listen.host, listen.host), listen.port, timeout=_WITHIN_S)
    try:
        connection.request("GET", "/readyz", headers={"Accept": "application/json", "Host": "localhost"})
        answer = connection.getresponse()
        said = answer.read(_MAX_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        yield bad(
            "pages",
            f"http://{listen} does not answer ({error})",
            "systemctl status dltv-hub; journalctl -u dltv-hub -n 50",
        )
        return
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.OK:
        yield good("pages", f"http://{listen} answers, and the hub is ready")
    else:
        yield bad(
            "pages",
            f"the hub is not ready: {_reasons(said)}",
            "the lines about broker and database say more; else its log",
        )


def devices(settings: HubSettings) -> Iterator[Finding]:
    listen = settings.devices.listen
    if listen is None:
        yield doubtful(
            "device API", "it is off: no school can join", 'write [devices] listen = "0.0.0.0:8443" and names'
        )
        return
    name = settings.devices.reached_by[0]
    try:
        with _trusted(settings, listen, name):
            yield good("device API", f"it answers on {listen} as {name}")
    except OSError as error:
        yield bad(
            "device API",
            f"{listen} does not answer as {name} ({error})",
            "systemctl status dltv-hub; is the port free?",
        )


def _trusted(settings: HubSettings, listen: Listen, name: str) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(pki_folder(settings) / "trust.pem"))
    plain = socket.create_connection((_EVERYWHERE.get(listen.host, listen.host), listen.port), _WITHIN_S)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def _reasons(said: bytes) -> str:
    try:
        told = json.loads(said)
    except ValueError:
        return said[:200].decode("utf-8", "replace")
    return json.dumps(told, ensure_ascii=False)[:300]
