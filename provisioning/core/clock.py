"""Whose time is believed: the device's own, or the hub's. A Raspberry Pi has no clock that runs without power.

A clock that NTP keeps is believed. Any other may be years wrong, and the hub's is taken instead once the hub has shown that it
is the one of the slip; for that, no validity of a certificate is asked for, which needs a clock itself.
"""

TOLERATED_MS = 5 * 60 * 1000
BUILT_MS = 1_767_225_600_000
"""2026-01-01: no clock that is right says less. A hub whose own clock says less is not believed either."""


def correction(own_ms: int, hub_ms: int, *, synchronised: bool) -> int | None:
    """The time to set; None: leave the clock as it is."""
    if hub_ms < BUILT_MS or abs(hub_ms - own_ms) <= TOLERATED_MS:
        return None
    if synchronised and own_ms >= BUILT_MS:
        return None
    return hub_ms
