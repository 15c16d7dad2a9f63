import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from provisioning.adapters.keys import EllipticKeys
from provisioning.errors import OperatorError
from tests.provisioning.simulators import DAY_MS, DistrictHub

KEYS = EllipticKeys()


def test_a_request_is_of_its_key_and_names_nobody() -> None:
    key = KEYS.make()
    request = x509.load_pem_x509_csr(KEYS.request(key).encode())
    assert request.is_signature_valid
    assert list(request.subject) == []


def test_a_signature_holds_for_what_was_signed() -> None:
    key = KEYS.make()
    public = load_der_public_key(KEYS.public(key))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(base64.b64decode(KEYS.sign(key, b"text")), b"text", ec.ECDSA(SHA256()))


def test_a_root_has_the_fingerprint_that_the_hub_prints(hub: DistrictHub) -> None:
    assert KEYS.fingerprint(hub.authority.trust[0]) == hub.authority.active.fingerprint


def test_a_certificate_tells_its_life_and_its_key(hub: DistrictHub) -> None:
    from tests.provisioning.simulators import NODE_KEY

    key = KEYS.make()
    issued = hub.authority.node(KEYS.request(key), NODE_KEY, 90, hub.now)
    told = KEYS.certificate(issued.pem.encode())
    assert (told.serial, told.public) == (issued.serial, KEYS.public(key))
    assert told.validity.ends == hub.now + 90 * DAY_MS


@pytest.mark.parametrize("damaged", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_told_with_the_way_out(damaged: bytes) -> None:
    with pytest.raises(OperatorError, match="a new slip"):
        KEYS.public(damaged)


def test_a_damaged_certificate_is_told_with_the_way_out() -> None:
    with pytest.raises(OperatorError, match="a new slip"):
        KEYS.certificate(b"nothing")
