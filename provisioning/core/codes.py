"""The form of a one-time code: sixteen signs, of which the last is reckoned from the others.

No sign looks like another (no 0 O, 1 I L, 2 Z, 5 S, 8 B, U). There are 23 of them, a prime, and each place weighs
differently: one wrong sign, or two that changed places, never give a code that can be one. Whether a code is good, only
the hub knows.
"""

from collections.abc import Sequence

from provisioning.core.problems import CodeMistyped

ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
LENGTH = 16
_GROUP = 4
_SEPARATORS = " -\t\u2010\u2011\u2013"


def read_code(typed: str) -> str:
    """As the hub knows it: capital letters, without separators. Raises CodeMistyped, which says where."""
    code = "".join(sign for sign in typed.upper() if sign not in _SEPARATORS)
    for place, sign in enumerate(code, start=1):
        if sign not in ALPHABET:
            raise CodeMistyped(f"no code has the sign at place {place}; it is of {ALPHABET}")
    if len(code) != LENGTH:
        raise CodeMistyped(f"a code has {LENGTH} signs, this has {len(code)}")
    if code[-1] != check_sign(code[:-1]):
        raise CodeMistyped("a sign is wrong, or two have changed places")
    return code


def show_code(code: str) -> str:
    """In groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def make_code(numbers: Sequence[int]) -> str:
    """The code of LENGTH - 1 numbers below len(ALPHABET), which chance gave."""
    signs = "".join(ALPHABET[number] for number in numbers)
    return signs + check_sign(signs)


def check_sign(signs: str) -> str:
    """Weights 1, 2, 3 …, and the check's own is 16: all different and none 0 in the field of 23."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    # Solves total + 16 * check = 0.
    return ALPHABET[-total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)]
