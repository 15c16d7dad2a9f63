"""Certificates of nodes as enrolment knows them: by serial number and key, without looking in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that the authority made.

    serial   hexadecimal
    key      SHA-256 of the public key
    issuer   fingerprint of the root
    """

    serial: str
    key: str
    issuer: str
    pem: str
    begins_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """One that counts no more."""

    serial: str
    issuer: str
    at: int
