"""The hub's own certificates (device API, broker, its MQTT client): kept as files, renewed in time and when something changed.

Name of the hub moved, authority rotated or retired, less than a third of the life left, file missing or spoilt: each gives a
new certificate for the same key, so that certificate and key always belong together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hub.pki import certificates
from hub.pki.authority import Authority
from hub.pki.certificates import DAY_MS, ms
from hub.pki.issued import pem
from hub.pki.keys import new_key, read_key, write_key

LIFE_DAYS = 90.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Where it is. `certificate` holds the chain too."""

    certificate: Path
    key: Path
    renewed: bool


def keep_server(authority: Authority, name: str, names: Sequence[str], now: int) -> Kept:
    """For these names and addresses, the first of which it is called by."""

    def fits(certificate: x509.Certificate) -> bool:
        return certificates.names_of(certificate) == tuple(names)

    return _keep(authority, name, fits, lambda key: authority.server(names, key, LIFE_DAYS, now), now)


def keep_client(authority: Authority, name: str, common: str, now: int) -> Kept:
    """For the hub as a client of its brokers: `common` is its host id."""

    def fits(certificate: x509.Certificate) -> bool:
        return certificate.subject == certificates.name(common)

    return _keep(authority, name, fits, lambda key: authority.client(common, key, LIFE_DAYS, now), now)


def _keep(
    authority: Authority,
    name: str,
    fits: Callable[[x509.Certificate], bool],
    issue: Callable[[ec.EllipticCurvePublicKey], str],
    now: int,
) -> Kept:
    folder = authority.folder
    key = read_key(folder, f"{name}.key")
    if key is None:
        key = new_key()
        write_key(folder, f"{name}.key", key)
    file = folder.file(f"{name}.pem")
    found = _found(authority, file.name)
    good = found is not None and found.public_key() == key.public_key() and fits(found) and _lasts(found, now)
    if not good:
        folder.write(file.name, issue(key.public_key()).encode())
    return Kept(file, folder.file(f"{name}.key"), not good)


def _found(authority: Authority, name: str) -> x509.Certificate | None:
    """The one that is there, if it is of the root that issues and has the chain that it has to have now."""
    data = authority.folder.read(name)
    try:
        told = x509.load_pem_x509_certificates(data) if data else []
    except ValueError:
        return None
    if not told or tuple(pem(each) for each in told[1:]) != authority.chain:
        return None
    return told[0] if told[0].issuer == authority.active.certificate.subject else None


def _lasts(certificate: x509.Certificate, now: int) -> bool:
    begins = ms(certificate.not_valid_before_utc)
    return begins <= now and ms(certificate.not_valid_after_utc) - now > LIFE_DAYS * DAY_MS / 3
