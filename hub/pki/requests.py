"""A device's request for a certificate (CSR, PKCS #10). Only its key is believed; name and wishes in it are passed over."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from hub.pki.keys import GOOD_CURVES
from provisioning.core.contract import ContractError, ErrorCode


def requested_key(pem: str) -> ec.EllipticCurvePublicKey:
    """Of whoever holds the private one, as the signature proves. Raises ContractError (CSR_REFUSED)."""
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key, proven = request.public_key(), request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ContractError("the csr cannot be read", ErrorCode.CSR_REFUSED) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, GOOD_CURVES):
        raise ContractError("the csr's key is none of P-256, P-384, P-521", ErrorCode.CSR_REFUSED)
    if not proven:
        raise ContractError("the csr is not signed by its own key", ErrorCode.CSR_REFUSED)
    return key
