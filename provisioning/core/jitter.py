"""How long to wait before asking again: longer each time, and by chance, so that a thousand schools do not ask as one."""

FIRST_S, LONGEST_S = 1.0, 60.0


def wait_s(failures: int, chance: float) -> float:
    """After so many failures in a row (1 and more). `chance` is 0 to 1: a half of the wait is fixed, a half is by chance."""
    longest = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 16))
    return longest / 2 + longest / 2 * chance
