"""When a certificate is renewed: after two thirds of its life, so that a school may stay closed for a month."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validity:
    """Of a certificate: ms since 1970 UTC."""

    begins: int
    ends: int

    def is_due(self, now: int) -> bool:
        """Also when it has ended. A clock before the beginning is wrong, and is no reason."""
        return now >= self.begins + (self.ends - self.begins) * 2 // 3

    def is_over(self, now: int) -> bool:
        return now > self.ends
