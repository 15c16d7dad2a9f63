"""A hub's trust and device API on loopback, and a device that speaks to it over TLS, as a school's computer would."""

import base64
import http.client
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import Wish, make_batch, revoke
from hub.store.enrolment import EnrolmentRows
from hub.store.enrolment_views import EnrolmentViews
from hub.store.opening import open_store
from hub.trust.devices import Devices
from hub.trust.trusting import Trusting
from provisioning.core.contract import Enrolled, EnrolRequest, Hardware, Letter, Renewal, signed_bytes

NOW = 1_800_000_000_000
GROUP = "cpm3"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


class Hub:
    """Its trust and device API; what the office does, it does as a command beside would."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        given = {"data_dir": directory, "groups": [GROUP], "devices": {"listen": "127.0.0.1:0"}, **settings}
        self.settings = HubSettings.model_validate(given)
        self.clock = Clock()
        directory.mkdir(exist_ok=True)
        self.store = open_store(self.settings.store_url)
        self.trusting = Trusting(directory / "pki", self.store, self.clock)
        self.views = EnrolmentViews(self.store)
        self.devices: Devices | None = None

    def serve(self, **more: Any) -> "Hub":
        self.devices = Devices(self.settings, self.trusting, self.store, self.clock, **more)
        self.devices.start()
        return self

    @property
    def port(self) -> int:
        assert self.devices is not None
        return self.devices.port

    def code(self, school: str = "36100042") -> str:
        with self.store.begin() as work:
            wish = Wish(GROUP, [school], Purpose.FIRST, 30)
            rows = EnrolmentRows(work.connection)
            return make_batch(rows, wish, AT_THE_CONSOLE, secrets.randbelow, self.clock()).codes[0].code

    def revoke(self, name: str = "36100042") -> None:
        with self.store.begin() as work:
            revoke(EnrolmentRows(work.connection), NodeKey(GROUP, name), "stolen", AT_THE_CONSOLE, self.clock())

    def stop(self) -> None:
        self.trusting.stop()
        if self.devices is not None:
            self.devices.stop()
        self.store.close()


class Device:
    """Trusts one root, has one key."""

    def __init__(self, port: int, root: str) -> None:
        self.port, self.root = port, root
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def csr(self) -> str:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        status, content, _ = self.call("GET" if body is None else "POST", path, body, headers)
        return status, json.loads(content)

    def call(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes, Any]:
        context = ssl.create_default_context(cadata=self.root)
        context.verify_flags |= ssl.VerifyFlags(0x200000)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def enrol(self, code: str) -> tuple[int, Any]:
        request = EnrolRequest(code, self.csr, Hardware("1", "Pi", "Debian", "aarch64"))
        return self.ask("/v1/enrol", request.encode())

    def letter(self, certificate: str, path: str, body: str) -> bytes:
        signature = self.key.sign(signed_bytes(path, 7, body), ec.ECDSA(SHA256()))
        return Letter(certificate, 7, body, base64.b64encode(signature).decode()).encode()

    def write(self, certificate: str, path: str, body: str) -> tuple[int, Any]:
        return self.ask(path, self.letter(certificate, path, body))

    def renew(self, held: Enrolled, asking: "Device") -> tuple[int, Any]:
        return self.write(held.certificate, "/v1/renew", Renewal(asking.csr).encode())


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[Callable[..., Hub]]:
    hubs: list[Hub] = []

    def make(**settings: Any) -> Hub:
        hubs.append(Hub(tmp_path / "hub", **settings))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.stop()


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub().serve()


@pytest.fixture
def make_device() -> Callable[[Hub], Device]:
    """One that trusts the root that issues now."""
    return lambda hub: Device(hub.port, hub.trusting.authority.trust[-1])


@pytest.fixture
def device(hub: Hub, make_device: Callable[[Hub], Device]) -> Device:
    return make_device(hub)


@pytest.fixture
def another(hub: Hub, make_device: Callable[[Hub], Device]) -> Device:
    return make_device(hub)


@pytest.fixture
def soon() -> Callable[[Callable[[], bool]], None]:
    def wait(come: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not come():
            assert time.monotonic() < deadline, "it did not come"
            time.sleep(0.02)

    return wait
