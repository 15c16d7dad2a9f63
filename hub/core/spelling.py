"""What people type and what is written, made alike: the same word in Thai can be typed in several orders of its signs.

Upper vowels, lower vowels and tone marks all sit on one consonant, and a screen shows the same picture whichever was typed
first; sara am may be one sign or two, sara ae may be two sara e. Sources: Unicode Standard, chapter 16.1 "Thai"; WTT 2.0
(Thai API Consortium, "Computers and Thai language"), which input methods check only in part.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

_ABOVE_AND_BELOW = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}")
_TWO_SARA_E = "\u0e40\u0e40"
_SARA_AE = "\u0e41"
_TONES = re.compile("[\u0e48-\u0e4c]")
"""The four tone marks, and thanthakhat, which silences a consonant: often left out on a phone."""
_SCHOOL = re.compile("^(\u0e42\u0e23\u0e07\u0e40\u0e23\u0e35\u0e22\u0e19|\u0e23\\.? ?\u0e23\\.)")
"""The word for school, whole or short, at the beginning of a name."""
_LEADING = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
"""A vowel that is written before the consonant after which it is spoken."""
_KEPT = ("L", "N", "M")
_KNOWN = 50_000


@lru_cache(_KNOWN)
def folded(text: str) -> str:
    """Letters, signs and digits in one spelling: no case, spaces or punctuation; signs of a consonant in one order, and once.

    >>> folded("P.1-TV")
    'p1tv'
    """
    # NFKC takes sara am apart, and puts wide letters right; it leaves the order of most Thai signs alone.
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _SCHOOL.sub("", plain.strip())
    kept = "".join(_digit(sign) for sign in plain if unicodedata.category(sign)[0] in _KEPT)
    kept = kept.replace(_TWO_SARA_E, _SARA_AE)
    return _ABOVE_AND_BELOW.sub(lambda run: "".join(sorted(set(run[0]))), kept)


@lru_cache(_KNOWN)
def toneless(text: str) -> str:
    """`folded`, and without the marks that are often left out."""
    return _TONES.sub("", folded(text))


def likeness(sought: str, text: str) -> int | None:
    """How well a text holds what is sought: 0 begins with it, 1 holds it, 2 holds it but for tone marks; None: not at all.

    Nothing sought is held by nothing.
    """
    return alike(sought)(text)


def alike(sought: str) -> Callable[[str], int | None]:
    """`likeness` to the same words, of many texts."""
    wanted, bare = folded(sought), toneless(sought)

    def of(text: str) -> int | None:
        whole = folded(text)
        if wanted in whole:
            return 0 if whole.startswith(wanted) else 1
        return 2 if bare and bare in toneless(text) else None

    return of if wanted else lambda _text: None


def holds(sought: str, texts: Iterable[str | None]) -> bool:
    """Whether every word that is sought stands in one of the texts, however it is spelled. What has no letter seeks nothing.

    >>> holds("TV ward-2", ("LG TV", None, "Ward 2"))
    True
    """
    wanted = [word for word in sought.split() if folded(word)]
    if not wanted:
        return True
    known = [text for text in texts if text]
    return all(any(likeness(word, text) is not None for text in known) for word in wanted)


@lru_cache(_KNOWN)
def in_order(text: str) -> tuple[str, str]:
    """By what names are sorted as a Thai dictionary sorts them: by the consonant before the vowel that is written before it,
    and by tone marks only where all else is alike. Source: Royal Institute Dictionary; Unicode Collation Algorithm, chapter 9.

    >>> sorted(["b", "A"], key=in_order)
    ['A', 'b']
    """
    plain = _SCHOOL.sub("", text.strip()).strip().casefold()
    spoken = _LEADING.sub(r"\2\1", plain)
    return _TONES.sub("", spoken), spoken


def western(text: str) -> str:
    """Thai digits as others write them."""
    return "".join(map(_digit, text))


def _digit(sign: str) -> str:
    return str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
