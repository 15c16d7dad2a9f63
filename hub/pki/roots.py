"""The roots as files: read, made, rotated, retired.

    authority-1.pem, authority-1.key        a root and its key; the highest number issues
    authority-2.by-1.pem                    the second as the first sees it (cross-certificate)

A root's own certificate is written last, so that a power cut leaves none that is half made.
"""

import re
import secrets
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.pki import certificates
from hub.pki.certificates import DAY_MS, Issuer, Wish
from hub.pki.errors import NoSuchRoot, PkiUnusable
from hub.pki.folder import Folder
from hub.pki.keys import new_key, read_key, write_key

_LIFE_MS = 20 * 365 * DAY_MS
# 2026: a root that was made in 1970 would have ended before anybody saw it.
_BUILT_MS = 1_767_225_600_000
_NAME = re.compile(r"authority-([0-9]{1,4})\.pem")


@dataclass(frozen=True, slots=True)
class Root:
    """A root that counts. `cross` is it as the root before it sees it, while that one counts too."""

    number: int
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    cross: x509.Certificate | None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its DER: what stands on a slip as the pin."""
        return self.certificate.fingerprint(SHA256()).hex()

    @property
    def issuer(self) -> Issuer:
        return Issuer(self.certificate, self.key)


def numbers(folder: Folder) -> list[int]:
    return sorted(int(found[1]) for each in folder.names() if (found := _NAME.fullmatch(each)))


def read_roots(folder: Folder) -> tuple[Root, ...]:
    """All that count, the one that issues last."""
    roots: list[Root] = []
    for number in numbers(folder):
        roots.append(_read(folder, number, roots[-1].number if roots else None))
    return tuple(roots)


def make_root(folder: Folder, now: int, before: Root | None = None) -> None:
    """The first root, or one that takes over."""
    if now < _BUILT_MS:
        raise PkiUnusable("the clock of this machine is wrong by years; set it, then start again")
    number = before.number + 1 if before else 1
    key = new_key()
    # A name of its own: two roots of one name would be taken for one another.
    subject = certificates.name(f"dltv-fleet authority {number} {secrets.token_hex(4)}")
    wish = Wish(subject, key.public_key(), now, now + _LIFE_MS)
    write_key(folder, f"authority-{number}.key", key)
    if before is not None:
        _write(folder, f"authority-{number}.by-{before.number}.pem", certificates.cross(wish, before.issuer))
    _write(folder, f"authority-{number}.pem", certificates.root(wish, key))


def retire_root(folder: Folder, number: int) -> None:
    """It counts no more, and its key is gone. Raises NoSuchRoot for the one that issues."""
    known = numbers(folder)
    if number not in known:
        raise NoSuchRoot(f"there is no root {number}; there is {', '.join(map(str, known))}")
    if number == known[-1]:
        raise NoSuchRoot(f"root {number} issues the certificates; run `dltv-hub ca rotate` first")
    if number != known[0]:
        raise NoSuchRoot(f"root {number} links root {known[0]} to the newer ones; retire {known[0]} first")
    folder.remove(f"authority-{number}.pem")
    for name in folder.names():
        if name.startswith(f"authority-{number}.") or name.endswith(f".by-{number}.pem"):
            folder.remove(name)


def _read(folder: Folder, number: int, before: int | None) -> Root:
    certificate = _certificate(folder, f"authority-{number}.pem")
    key = read_key(folder, f"authority-{number}.key")
    if certificate is None or key is None or certificate.public_key() != key.public_key():
        raise PkiUnusable(
            f"{folder.file(f'authority-{number}.key')} is missing or belongs to another root; restore {folder.path} "
            "from the backup"
        )
    cross = _certificate(folder, f"authority-{number}.by-{before}.pem") if before else None
    return Root(number, certificate, key, cross)


def _certificate(folder: Folder, name: str) -> x509.Certificate | None:
    data = folder.read(name)
    try:
        return None if data is None else x509.load_pem_x509_certificate(data)
    except ValueError:
        raise PkiUnusable(f"{folder.file(name)} is no certificate; restore it from the backup") from None


def _write(folder: Folder, name: str, certificate: x509.Certificate) -> None:
    folder.write(name, certificate.public_bytes(Encoding.PEM))
