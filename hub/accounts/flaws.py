"""What makes a password too weak, after NIST SP 800-63B: length and what others would try first; no rules of composition.

A password is compared in its NFKC form, so that it does not matter on which keyboard it was typed. Short words of a known list,
the person's own names and the office's words do not count: what is left of a password without them must be long enough to be
a secret, as must be its number of different letters.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

LONGEST = 256
_FEWEST_LETTERS = 5
_LEAST_LEFT = 5
_LEET = str.maketrans("013457$@!", "oieastsai")
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LONGEST_RUN = max(map(len, _RUNS))
_WORDS = (
    *(
        "password",
        "passw0rd",
        "passwort",
        "passphrase",
        "welcome",
        "letmein",
        "changeme",
        "change",
        "default",
        "secret",
    ),
    *("administrator", "admin", "root", "user", "guest", "login", "access", "system", "master", "server", "test"),
    *("iloveyou", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "superman", "batman", "shadow"),
    *("michael", "jordan", "google", "samsung", "hello", "freedom", "whatever", "trustno", "starwars", "thailand"),
    *("bangkok", "sawasdee", "krungthep", "satellite", "thaicom", "school", "teacher", "student", "classroom"),
    *("television", "dltv", "fleet", "huahin", "office", "summer", "winter", "spring", "autumn", "love", "pass"),
)


class PasswordFlaw(Enum):
    """A word for the catalogues."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    OWN_NAME = "own_name"


def normal(password: str) -> str:
    """As it is hashed."""
    return unicodedata.normalize("NFKC", password)


def flaw_of(password: str, own: Iterable[str], shortest: int) -> PasswordFlaw | None:
    """What is wrong with a new password of somebody who has these names.

    own   login, name: a password must have something besides them
    """
    password = normal(password)
    if len(password) > LONGEST:
        return PasswordFlaw.TOO_LONG
    if len(password) < shortest:
        return PasswordFlaw.TOO_SHORT
    plain = password.casefold()
    if _guessed(plain) or _guessed(plain.translate(_LEET)):
        return PasswordFlaw.TOO_COMMON
    names = [normal(part).casefold() for each in own for part in re.split(r"[\s@._-]+", each) if len(part) > 2]
    left = plain
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "")
    return PasswordFlaw.OWN_NAME if left != plain and _guessed(left) else None


def _guessed(plain: str) -> bool:
    """Whether so little is left without what everybody tries that it is soon found."""
    left = plain
    for word in sorted(_WORDS, key=len, reverse=True):
        left = left.replace(word, "")
    left = _without_repeats(_without_runs(re.sub(r"[\W_]+", "", left)))
    return len(left) < _LEAST_LEFT or len(set(left)) < _FEWEST_LETTERS


def _without_runs(text: str) -> str:
    """Each stretch of four or more that lies in a row on keyboard or in the alphabet, either way, counts as one letter."""
    kept, at = [], 0
    while at < len(text):
        length = next(
            (end for end in range(min(len(text) - at, _LONGEST_RUN), 3, -1) if _is_run(text[at : at + end])), 1
        )
        kept.append(text[at])
        at += length
    return "".join(kept)


def _is_run(part: str) -> bool:
    return any(part in run or part in run[::-1] for run in _RUNS)


def _without_repeats(text: str) -> str:
    """A text that is the same thing again and again counts once."""
    found = re.fullmatch(r"(.+?)\1+", text, re.S)
    return found[1] if found else text
