"""Now, on both clocks: the one that the world agrees on and the one that never jumps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """utc is for what is told to others, mono for what is waited for: a Raspberry Pi's first minutes may be set in 1970.

    utc   ms since 1970 UTC
    mono  ms since some instant
    """

    utc: int
    mono: int
