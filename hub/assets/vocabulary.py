"""The words of the register in both languages: of its columns, and of what stands in them. From columns.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hub.core.headings import simple


@dataclass(frozen=True, slots=True)
class Word:
    th: str
    en: str
    also: tuple[str, ...] = ()

    def of(self, language: str) -> str:
        return self.th if language == "th" else self.en


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """columns, shown  by name, in the order of a list; values  of the fields that hold one of some, by code"""

    columns: Mapping[str, Word]
    shown: Mapping[str, Word]
    values: Mapping[str, Mapping[str, Word]]
    _headings: Mapping[str, str]
    _meanings: Mapping[str, Mapping[str, str]]

    def column(self, heading: str) -> str | None:
        """What a heading means; a column that is only shown has a meaning, too."""
        return self._headings.get(simple(heading))

    def code(self, field: str, text: str) -> str | None:
        return self._meanings[field].get(simple(text))

    def codes(self, field: str, beginning: str) -> tuple[str, ...]:
        """Of the words that begin so."""
        begins = simple(beginning)
        return tuple(dict.fromkeys(code for text, code in self._meanings[field].items() if text.startswith(begins)))

    def word(self, field: str, code: str, language: str) -> str:
        word = self.values[field].get(code)
        return code if word is None else word.of(language)


@cache
def vocabulary() -> Vocabulary:
    told: Mapping[str, Any] = tomllib.loads(files("hub.assets").joinpath("columns.toml").read_text("utf-8"))
    columns, shown = _words(told["columns"]), _words(told["shown"])
    values = {field: _words(each) for field, each in told["values"].items()}
    meanings = {field: _by_text(words) for field, words in values.items()}
    return Vocabulary(columns, shown, values, _by_text({**columns, **shown}), meanings)


def _words(told: Mapping[str, Any]) -> Mapping[str, Word]:
    return {name: Word(each["th"], each["en"], tuple(each.get("also", ()))) for name, each in told.items()}


def _by_text(words: Mapping[str, Word]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, word in words.items():
        for text in (name, word.th, word.en, *word.also):
            if found.setdefault(simple(text), name) != name:
                raise ValueError(f"columns.toml: {text!r} means both {found[simple(text)]} and {name}")
    return found
