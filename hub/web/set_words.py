"""What a room, a set and its inputs are called: `p1-projector` is the projector of room p1, `hdmi1` the input HDMI 1.

A key or an input that says no more than itself stays as it is.
"""

import re

from hub.web.language import Language, fill

_INPUT = re.compile(r"([A-Za-z]+)[ _-]?(\d{1,2})?")
_GRADE = re.compile(r"([kmp])([1-6])")
"""A room that is named for its grade, in the letters that keys are made of: kindergarten, Matthayom, Prathom."""
_LONGEST_ABBREVIATION = 4


def set_called(key: str, language: Language) -> str:
    """The set of this key. Most keys are a room and a kind."""
    room, _, kind = key.rpartition("-")
    words = language.lookup(f"set.{kind}") if room else None
    return key if words is None else fill(words, {"room": room_called(room, language)})


def room_called(room: str, language: Language) -> str:
    """As the language writes a grade; any other room stays as it is."""
    found = _GRADE.fullmatch(room)
    words = language.lookup(f"grade.{found[1]}") if found else None
    return room if found is None or words is None else fill(words, {"year": found[2]})


def input_called(name: str) -> str:
    """The input as it is written beside its socket."""
    found = _INPUT.fullmatch(name)
    if found is None:
        return name
    sort, number = found.groups()
    written = sort.upper() if len(sort) <= _LONGEST_ABBREVIATION else sort[0].upper() + sort[1:]
    return f"{written}\u00a0{number}" if number else written
