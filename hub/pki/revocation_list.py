"""The list of what is revoked (CRL), for brokers: one for each root that counts, in one file."""

from collections.abc import Iterable
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.enrolment.certificate import Revoked
from hub.pki.authority import Authority
from hub.pki.certificates import at
from hub.pki.roots import Root

FILE = "crl.pem"
_EARLY = timedelta(days=1)
# A broker shuts everybody out when its list is too old. It is written anew daily and with each revocation.
_GOOD_FOR = timedelta(days=365)


def revocation_list(authority: Authority, revoked: Iterable[Revoked], now: int) -> bytes:
    known = tuple(revoked)
    return b"".join(
        _of_root(root, [each for each in known if each.issuer == root.fingerprint], now) for root in authority.roots
    )


def keep_revocation_list(authority: Authority, revoked: Iterable[Revoked], now: int) -> None:
    """In the authority's directory, as FILE."""
    authority.folder.write(FILE, revocation_list(authority, revoked, now))


def _of_root(root: Root, revoked: list[Revoked], now: int) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(at(now) - _EARLY)
        .next_update(at(now) + _GOOD_FOR)
        .add_extension(x509.CRLNumber(now), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
    )
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(int(each.serial, 16)).revocation_date(at(each.at))
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(root.key, SHA256()).public_bytes(Encoding.PEM)
