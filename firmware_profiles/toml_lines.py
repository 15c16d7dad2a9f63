"""On which line of a TOML text a key stands, as well as that can be told without a parser that keeps lines."""

import re

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")

Place = tuple[str | int, ...]


def line_of(text: str, place: Place) -> int | None:
    """The line of the key at `place`, else that of the nearest table around it, else None."""
    places = _places(text)
    for length in range(len(place), 0, -1):
        line = places.get(place[:length])
        if line is not None:
            return line
    return None


def _places(text: str) -> dict[Place, int]:
    places: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.match(line):
            table = _table(found[2], counts, is_array=found[1] == "[[")
            places.setdefault(table, number)
        elif found := _KEY.match(line):
            places.setdefault(table + _parts(found[1]), number)
    return places


def _table(name: str, counts: dict[Place, int], *, is_array: bool) -> Place:
    """The place that a table's header names: a name inside a list of tables means the list's last table."""
    parts = _parts(name)
    place: Place = ()
    for index, part in enumerate(parts):
        place = (*place, part)
        if is_array and index == len(parts) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))
