"""A certificate as the rest of the hub keeps it."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hub.enrolment.certificate import Issued
from hub.pki.certificates import ms
from hub.pki.keys import key_id
from hub.pki.roots import Root


def issued(certificate: x509.Certificate, root: Root) -> Issued:
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey), "the authority certifies no other"
    return Issued(
        serial=f"{certificate.serial_number:x}",
        key=key_id(key),
        issuer=root.fingerprint,
        pem=pem(certificate),
        begins_at=ms(certificate.not_valid_before_utc),
        expires_at=ms(certificate.not_valid_after_utc),
    )


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
