"""What stands in each kind of certificate. Validity begins a day early, for clocks that are late."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

DAY_MS = 86_400_000
_EARLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be certified; `until` is cut where the issuer ends."""

    subject: x509.Name
    key: ec.EllipticCurvePublicKey
    now: int
    until: int


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose name and key stand behind it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)


def ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def name(common: str, unit: str | None = None) -> x509.Name:
    """`unit` is a node's group; only nodes have one."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if unit is not None:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(parts)


def root(wish: Wish, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Signed by itself."""
    return _ca(wish, wish.subject, wish.key).sign(key, SHA256())


def cross(wish: Wish, issuer: Issuer) -> x509.Certificate:
    """A new root as the older one sees it: whoever knows only the older trusts the new one by it."""
    return _ca(wish, issuer.certificate.subject, issuer.key.public_key(), issuer).sign(issuer.key, SHA256())


def client(wish: Wish, issuer: Issuer) -> x509.Certificate:
    return _leaf(wish, issuer, ExtendedKeyUsageOID.CLIENT_AUTH).sign(issuer.key, SHA256())


def server(wish: Wish, issuer: Issuer, names: Sequence[str]) -> x509.Certificate:
    alternatives = x509.SubjectAlternativeName([_general(each) for each in names])
    builder = _leaf(wish, issuer, ExtendedKeyUsageOID.SERVER_AUTH).add_extension(alternatives, critical=False)
    return builder.sign(issuer.key, SHA256())


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names and addresses of a server's."""
    try:
        told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(each.value) for each in told)


def _general(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _ca(
    wish: Wish, issued_by: x509.Name, signing: ec.EllipticCurvePublicKey, issuer: Issuer | None = None
) -> x509.CertificateBuilder:
    return (
        _dated(wish, issued_by, issuer)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    )


def _leaf(wish: Wish, issuer: Issuer, purpose: ObjectIdentifier) -> x509.CertificateBuilder:
    return (
        _dated(wish, issuer.certificate.subject, issuer)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )


def _dated(wish: Wish, issued_by: x509.Name, issuer: Issuer | None) -> x509.CertificateBuilder:
    until = at(wish.until)
    if issuer is not None:
        until = min(until, issuer.certificate.not_valid_after_utc)
    return (
        x509.CertificateBuilder()
        .subject_name(wish.subject)
        .issuer_name(issued_by)
        .public_key(wish.key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at(wish.now) - _EARLY)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(wish.key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
