"""The authority: issues what it is told to, for the key that asks."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Issued
from hub.pki import certificates, letters
from hub.pki.certificates import DAY_MS, Wish
from hub.pki.errors import PkiUnusable
from hub.pki.folder import Folder
from hub.pki.issued import issued, pem
from hub.pki.keys import key_id
from hub.pki.requests import requested_key
from hub.pki.roots import Root, make_root, numbers, read_roots, retire_root
from provisioning.core.contract import Letter


class Authority:
    """One a process, made where there is none; `refreshed` follows what other processes did.

    Raises PkiUnusable where its files are not as they must be.
    """

    def __init__(self, directory: Path, now: int, *, make: bool = True) -> None:
        self.folder = Folder(directory)
        with self.folder.alone():
            if not numbers(self.folder):
                _require(make, self.folder)
                make_root(self.folder, now)
            self._roots = read_roots(self.folder)
        self._keep_bundle()

    @property
    def roots(self) -> tuple[Root, ...]:
        """All that count, the one that issues last."""
        return self._roots

    @property
    def active(self) -> Root:
        return self._roots[-1]

    @property
    def trust(self) -> tuple[str, ...]:
        """What devices and brokers are to believe."""
        return tuple(pem(root.certificate) for root in self._roots)

    @property
    def chain(self) -> tuple[str, ...]:
        """What goes with a certificate, for those who know only an older root."""
        return tuple(pem(root.cross) for root in reversed(self._roots) if root.cross is not None)

    @property
    def bundle(self) -> Path:
        """`trust` as a file."""
        return self.folder.file("trust.pem")

    def requested(self, csr: str) -> str:
        """The id of the key that a request is for. Raises ContractError."""
        return key_id(requested_key(csr))

    def node(self, csr: str, node: NodeKey, days: float, now: int) -> Issued:
        """Raises ContractError (CSR_REFUSED)."""
        wish = _wish(node.name, node.group, requested_key(csr), days, now)
        return issued(certificates.client(wish, self.active.issuer), self.active)

    def sender(self, letter: Letter, path: str) -> tuple[NodeKey, Issued]:
        """Raises ContractError (LETTER_REFUSED)."""
        return letters.sender(letter, path, self._roots)

    def client(self, common: str, key: ec.EllipticCurvePublicKey, days: float, now: int) -> str:
        """For the hub itself, as its brokers know it; with its chain."""
        wish = _wish(common, None, key, days, now)
        return "".join((pem(certificates.client(wish, self.active.issuer)), *self.chain))

    def server(self, names: Sequence[str], key: ec.EllipticCurvePublicKey, days: float, now: int) -> str:
        """With its chain."""
        wish = _wish(names[0][:64], None, key, days, now)
        return "".join((pem(certificates.server(wish, self.active.issuer, names)), *self.chain))

    def rotate(self, now: int) -> Root:
        """A new root takes over; the older ones go on to count until they are retired."""
        with self.folder.alone():
            self._roots = read_roots(self.folder)
            make_root(self.folder, now, self.active)
        self._read_again()
        return self.active

    def retire(self, number: int) -> None:
        """Whoever trusts only this root, or holds a certificate of it, has to be enrolled anew. Raises NoSuchRoot."""
        with self.folder.alone():
            retire_root(self.folder, number)
        self._read_again()

    def refreshed(self) -> bool:
        """Look whether another process has rotated or retired, and follow it."""
        if numbers(self.folder) == [root.number for root in self._roots]:
            return False
        self._read_again()
        return True

    def _read_again(self) -> None:
        with self.folder.alone():
            self._roots = read_roots(self.folder)
        self._keep_bundle()

    def _keep_bundle(self) -> None:
        told = "".join(self.trust).encode()
        if self.folder.read(self.bundle.name) != told:
            self.folder.write(self.bundle.name, told)


def _require(make: bool, folder: Folder) -> None:
    if not make:
        raise PkiUnusable(
            f"{folder.path} holds no authority, but computers were let in by one: restore it from the backup. Is it lost, "
            "keep the database elsewhere and begin anew: every computer then needs a new code"
        )


def _wish(common: str, unit: str | None, key: ec.EllipticCurvePublicKey, days: float, now: int) -> Wish:
    return Wish(certificates.name(common, unit), key, now, now + int(days * DAY_MS))
