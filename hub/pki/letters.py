"""Whose letter it is: signed by the key of a node's certificate, and that one of ours. Times are not looked at: an expired
certificate may ask for a new one. Whether the node is revoked, hub.enrolment knows.
"""

import base64
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Issued
from hub.pki.issued import issued
from hub.pki.roots import Root
from provisioning.core.contract import ContractError, ErrorCode, Letter

_UNSOUND = (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature, x509.InvalidVersion)


def sender(letter: Letter, path: str, roots: Iterable[Root]) -> tuple[NodeKey, Issued]:
    """The node and the certificate that it holds. Raises ContractError (LETTER_REFUSED)."""
    certificate = _certificate(letter.certificate)
    root = next((each for each in roots if _is_from(certificate, each)), None)
    if root is None:
        raise _refused("the certificate is not one of this hub's authority")
    try:
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(base64.b64decode(letter.signature, validate=True), letter.signed(path), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):  # no base64, or not even ASCII
        raise _refused("the signature is not that of the certificate's key over this letter") from None
    return _node(certificate), issued(certificate, root)


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except _UNSOUND:
        raise _refused("the certificate cannot be read") from None


def _is_from(certificate: x509.Certificate, root: Root) -> bool:
    try:
        certificate.verify_directly_issued_by(root.certificate)
    except _UNSOUND:
        return False
    return True


def _node(certificate: x509.Certificate) -> NodeKey:
    """Only a node's certificate has a group in it."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(units) != 1 or len(names) != 1:
        raise _refused("the certificate is not that of a node")
    return NodeKey(str(units[0].value), str(names[0].value))


def _refused(why: str) -> ContractError:
    return ContractError(why, ErrorCode.LETTER_REFUSED)
