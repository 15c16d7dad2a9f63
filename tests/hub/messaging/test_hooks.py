"""Webhooks, called over real connections and verified by the library of Standard Webhooks."""

import contextlib
import json
import socket
import ssl
import subprocess
import threading
import time
from ipaddress import ip_network
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hub.messages.deliveries import Outcome
from hub.messages.events import Event
from hub.messages.refusals import MessageRefused
from hub.messaging.hooks import Answered, Caller, new_secret, read_url, shown
from tests.hub.messaging.receiver import Receiver

HERE = (ip_network("127.0.0.0/8"),)
EVENT = Event("k", "ticket.opened", "ticket:7", 1_795_157_100_042, {"number": 7, "school_name": "บ้านทุ่งดอกจาน"}, id=12)


@pytest.fixture
def now() -> int:
    """The library looks at the real clock."""
    return round(time.time() * 1000)


def test_what_is_told_is_signed_as_standard_webhooks_wants_it(receiver: Receiver, now: int) -> None:
    secret = new_secret()
    assert Caller(HERE).call(receiver.url, secret, EVENT, now) == Answered(Outcome.TAKEN, 204)
    (came,) = receiver.came
    told = Webhook(secret).verify(came.body, came.headers)
    assert (told["type"], told["data"]["school_name"]) == ("ticket.opened", "บ้านทุ่งดอกจาน")
    assert came.headers["webhook-id"] == "evt_12"
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(came.body, came.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(json.dumps({**told, "type": "ticket.closed"}), came.headers)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "127.1",
            "0x7f.1",
        ),
        *("[::127.0.0.1]", "[2002:7f00:1::1]", "[64:ff9b:1::7f00:1]", "[::ffff:7f00:1]"),
    ],
)
def test_no_webhook_reaches_what_stands_beside_the_hub(receiver: Receiver, host: str, now: int) -> None:
    answered = Caller().call(f"http://{host}:{receiver.port}/hook", new_secret(), EVENT, now)
    assert (answered.outcome, answered.trouble) == (Outcome.REFUSED, "forbidden")
    assert receiver.came == []


def test_a_name_that_changes_its_mind_is_called_where_it_was_looked_at(
    receiver: Receiver, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer may be called, the next one leads to what stands beside the hub."""
    asked: list[str] = []

    def resolver(host: str, port: int, *_: object, **__: object) -> list[object]:
        if host != "rebinding.example":
            address = host
        else:
            asked.append(host)
            address = "127.0.0.2" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    there = (ip_network("127.0.0.2/32"),)
    answered = Caller(there).call(f"http://rebinding.example:{receiver.port}/hook", new_secret(), EVENT, now)
    assert answered == Answered(Outcome.LATER, None, "unreached")
    assert asked == ["rebinding.example"], "once"
    assert receiver.came == []


def test_no_redirect_is_followed(receiver: Receiver, now: int) -> None:
    receiver.status, receiver.location = 307, receiver.url
    assert Caller(HERE).call(receiver.url, new_secret(), EVENT, now) == Answered(Outcome.LATER, 307, "redirected")
    assert len(receiver.came) == 1


@pytest.mark.parametrize(("status", "outcome"), [(200, "taken"), (500, "later"), (404, "later"), (410, "refused")])
def test_the_answer_decides_what_becomes_of_it(receiver: Receiver, status: int, outcome: str, now: int) -> None:
    receiver.status = status
    assert Caller(HERE).call(receiver.url, new_secret(), EVENT, now).outcome is Outcome(outcome)


def test_one_that_hangs_up_or_is_not_there_is_called_later(receiver: Receiver, now: int) -> None:
    receiver.hang_up = True
    assert Caller(HERE).call(receiver.url, new_secret(), EVENT, now).trouble == "unsure"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Caller(HERE).call(f"http://127.0.0.1:{port}/", new_secret(), EVENT, now).trouble == "unreached"


def test_the_certificate_must_be_that_of_the_name_although_its_address_is_called(tmp_path: Path, now: int) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=hook", "-addext", "subjectAltName=DNS:elsewhere.example",
         "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    papers = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    papers.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        caller = Caller(HERE, timeout_s=60)
        server.settimeout(60)

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    papers.wrap_socket(connection, server_side=True).close()
                except (ssl.SSLError, OSError):
                    return

        thread = threading.Thread(target=greet)
        thread.start()
        answered = caller.call(f"https://localhost:{port}/hook", new_secret(), EVENT, now)
        thread.join()
    assert (answered.outcome, answered.status) == (Outcome.LATER, None)


def test_one_that_gives_a_byte_at_a_time_holds_nobody_for_long(now: int) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 204 No Content\r\nX-Long: ")
                while not over.wait(0.05):
                    connection.sendall(b"a")

        thread = threading.Thread(target=drip)
        thread.start()
        # Were it not ended, it would go on until the headers are too long: some hours.
        stop = threading.Timer(60, over.set)
        stop.start()
        caller, began = Caller(HERE, whole_s=0.5), time.monotonic()
        answered = caller.call(f"http://127.0.0.1:{server.getsockname()[1]}/", new_secret(), EVENT, now)
        took = time.monotonic() - began
        stop.cancel()
        over.set()
        thread.join()
    assert (answered.outcome, answered.trouble) == (Outcome.LATER, "unsure")
    assert took < 20


@pytest.mark.parametrize("host", ["a..b.example", "a" * 64 + ".example"])
def test_a_name_that_cannot_be_asked_for_is_not_reached(host: str, now: int) -> None:
    assert Caller().call(f"https://{host}/", new_secret(), EVENT, now) == Answered(Outcome.LATER, None, "unreached")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://a..b.example/", "hook_url"),
        ("https://" + "a" * 64 + ".example/", "hook_url"),
        ("ftp://host.example", "hook_url"),
        ("https://", "hook_url"),
        ("https://host.example/a b", "hook_url"),
        ("https://user:word@host.example/", "hook_user"),
        ("https://host.example:99999/", "hook_url"),
    ],
)
def test_an_address_that_cannot_be_is_refused(typed: str, code: str) -> None:
    with pytest.raises(MessageRefused, match=code):
        read_url(typed)


def test_of_an_address_only_the_host_is_shown() -> None:
    assert shown(read_url(" https://host.example:8443/secret?key=1 ")) == "https://host.example:8443"
