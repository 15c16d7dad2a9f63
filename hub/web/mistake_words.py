"""Mistakes in device profiles in a person's language.

They are told by the program that reads profiles, which speaks English and knows no catalogue. Here each of its sentences is found
by its English words, with names and values in their places; `tests/hub/web/test_mistake_words.py` holds both together.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from hub.web.language import Language, fill

_SENTENCES, _PARTS = "mistake. ", "mistake_part. "
_PLACE = re.compile(r"%\((\w+)\)s")


class MistakeWords:
    def __init__(self, language: Language) -> None:
        self._sentences = _patterns(language.starting_with(_SENTENCES), _SENTENCES)
        self._parts = _patterns(language.starting_with(_PARTS), _PARTS)

    def say(self, text: str) -> str | None:
        """None: there are no words for it."""
        return self._say(text, self._sentences)

    def _say(self, text: str, known: Mapping[re.Pattern[str], str]) -> str | None:
        for pattern, words in known.items():
            if found := pattern.fullmatch(text):
                return fill(words, {name: self._part(part) for name, part in found.groupdict().items()})
        return None

    def _part(self, text: str) -> str:
        return self._say(text, self._parts) or text


@lru_cache(maxsize=4)
def mistake_words(language: Language) -> MistakeWords:
    return MistakeWords(language)


def _patterns(coded: Iterable[tuple[str, str]], prefix: str) -> Mapping[re.Pattern[str], str]:
    """What says most by itself first: the others let more stand in their places."""
    found = sorted(((code.removeprefix(prefix), words) for code, words in coded), key=lambda each: _said(each[0]))
    return {_pattern(english): words for english, words in found}


def _said(english: str) -> int:
    return -len(_PLACE.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    pieces = _PLACE.split(english)
    places = (f"(?P<{piece}>.+?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile("".join(places), re.DOTALL)
