"""Keys and certificates by `cryptography`: elliptic curve P-256, PEM."""

import base64
import datetime
import hashlib
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from provisioning.core.renewal import Validity
from provisioning.errors import OperatorError
from provisioning.ports import Certificate

_DER = Encoding.DER


class EllipticKeys:
    def make(self) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def request(self, key: bytes) -> str:
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return request.sign(_private(key), hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def sign(self, key: bytes, data: bytes) -> str:
        return base64.b64encode(_private(key).sign(data, ec.ECDSA(hashes.SHA256()))).decode()

    def public(self, key: bytes) -> bytes:
        return _private(key).public_key().public_bytes(_DER, PublicFormat.SubjectPublicKeyInfo)

    def certificate(self, pem: bytes) -> Certificate:
        found = _certificate(pem)
        validity = Validity(_ms(found.not_valid_before_utc), _ms(found.not_valid_after_utc))
        public = found.public_key().public_bytes(_DER, PublicFormat.SubjectPublicKeyInfo)
        return Certificate(f"{found.serial_number:x}", validity, public)

    def fingerprint(self, pem: str) -> str:
        return hashlib.sha256(_certificate(pem.encode()).public_bytes(_DER)).hexdigest()


def _private(pem: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        _damaged("key")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        _damaged("key")
    return key


def _certificate(pem: bytes) -> x509.Certificate:
    """The first one, where others follow."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        _damaged("certificate")


def _damaged(what: str) -> NoReturn:
    raise OperatorError(
        f"a {what} cannot be read: is the disk damaged? a new slip from the district office mends it"
    ) from None


def _ms(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)
