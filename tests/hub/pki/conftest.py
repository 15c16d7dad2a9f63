"""A device's side, made with the same library; what is issued is judged by openssl and Python's ssl."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hub.pki.authority import Authority
from provisioning.core.contract import Letter, signed_bytes

NOW = 1_800_000_000_000


class Device:
    """A key that never leaves it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def csr(self, name: str = "somebody-else") -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        wishes = x509.BasicConstraints(ca=True, path_length=None)
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(wishes, critical=True)
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode()

    def letter(self, certificate: str, path: str, body: str, at: int = 1) -> Letter:
        signature = self.key.sign(signed_bytes(path, at, body), ec.ECDSA(SHA256()))
        return Letter(certificate, at, body, base64.b64encode(signature).decode())

    def pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def another() -> Callable[[], Device]:
    return Device


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "pki"


@pytest.fixture
def authority(directory: Path) -> Authority:
    return Authority(directory, NOW)
