"""One-time codes as the hub keeps them: only by their hash. A code has 68 bits of chance, so a plain hash gives nothing away."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import NodeKey
from provisioning.core.contract import ALPHABET, LENGTH, make_code

Choose = Callable[[int], int]
"""A number below the one given, by chance that nobody can foresee."""


class Standing(Enum):
    """What can be said of a code."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was made. `key` is the one that it was used for, and `serial` the certificate that it gave."""

    id: int
    node: NodeKey
    expires_at: int
    used_at: int | None = None
    key: str | None = None
    serial: str | None = None
    revoked_at: int | None = None

    def standing(self, now: int) -> Standing:
        """Once it was used it stays so: what then is to be shut out is the computer."""
        if self.used_at is not None:
            return Standing.USED
        if self.revoked_at is not None:
            return Standing.REVOKED
        return Standing.OPEN if now < self.expires_at else Standing.EXPIRED


def new_code(choose: Choose) -> str:
    return make_code([choose(len(ALPHABET)) for _ in range(LENGTH - 1)])


def code_hash(code: str) -> str:
    """Of a code as read_code gives it."""
    return hashlib.sha256(f"dltv-fleet one-time code\n{code}".encode()).hexdigest()
