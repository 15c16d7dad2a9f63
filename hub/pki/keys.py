"""Keys: elliptic curves only, which a Raspberry Pi makes and uses in milliseconds."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hub.pki.errors import PkiUnusable
from hub.pki.folder import Folder

GOOD_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_id(key: ec.EllipticCurvePublicKey) -> str:
    """The SHA-256 of the public key: by it the hub knows one key from another."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def write_key(folder: Folder, name: str, key: ec.EllipticCurvePrivateKey) -> None:
    folder.write(name, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_key(folder: Folder, name: str) -> ec.EllipticCurvePrivateKey | None:
    """None where there is none. Raises PkiUnusable for anything but a good key."""
    data = folder.read(name, secret=True)
    if data is None:
        return None
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PkiUnusable(f"{folder.file(name)} holds no key that we made; restore it from the backup")
    return key
