"""Until when things are good, read from the files as others read them."""

from pathlib import Path

from cryptography import x509

from hub.pki.certificates import ms


def certificate_life(path: Path) -> tuple[int, int]:
    """From when to when the certificate of this file is good; the first of a chain. Raises OSError and ValueError."""
    first = x509.load_pem_x509_certificates(path.read_bytes())[0]
    return ms(first.not_valid_before_utc), ms(first.not_valid_after_utc)


def revocation_life(path: Path) -> tuple[int, int]:
    """When the lists of this file were made and when the first of them ends. Raises OSError and ValueError."""
    mark = b"-----END X509 CRL-----"
    parts = [part + mark for part in path.read_bytes().split(mark)[:-1]]
    lists = [x509.load_pem_x509_crl(part) for part in parts]
    ends = [ms(each.next_update_utc) for each in lists if each.next_update_utc is not None]
    if not ends:
        raise ValueError("no list of revoked certificates")
    return min(ms(each.last_update_utc) for each in lists), min(ends)
