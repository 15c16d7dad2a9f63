"""A workflow as a picture: states under one another, their steps as lines of text, and lanes at the right that lead on.

A lane belongs to the state that it leads to. Made for a phone, where boxes side by side would be too small to read. Pure:
what comes out are places and words; whoever shows them draws.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.workflows.schema import Definition, StateKind

WIDTH = 340
_BOX, _ROW, _GAP, _EDGE = 36, 24, 20, 8
_STEM, _TEXT = 24, 38
_LANE, _FIRST_LANE = 13, 16
_SIGN, _BOX_SIGN = 6.4, 7.1
"""About how wide a letter is, in rows and in boxes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A state. squeeze: the width that its words must be made to fit; None where they do."""

    state: str
    words: str
    kind: StateKind
    y: int
    width: int
    here: bool
    squeeze: int | None = None

    @property
    def middle(self) -> int:
        return self.y + _BOX // 2

    @property
    def bottom(self) -> int:
        return self.y + _BOX


@dataclass(frozen=True, slots=True)
class Row:
    """A step from a state. lane: where its line goes up or down; None: straight on to the next box, or it stays."""

    words: str
    y: int
    lane: int | None
    stays: bool
    usable: bool
    squeeze: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A line to a state: from its steps, and into its box."""

    x: int
    top: int
    bottom: int
    into: int
    box_edge: int
    usable: bool


@dataclass(frozen=True, slots=True)
class Stem:
    """The line under a box along its steps; `onward`: with an arrow into the next box."""

    top: int
    bottom: int
    onward: bool
    usable: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    height: int
    boxes: tuple[Box, ...]
    rows: tuple[Row, ...]
    lanes: tuple[Lane, ...]
    stems: tuple[Stem, ...]
    width: int = WIDTH
    box_height: int = _BOX
    left: int = _EDGE
    stem_x: int = _STEM
    text_x: int = _TEXT


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A step on its way to a state."""

    words: str
    origin: str
    to: str | None
    y: int
    straight: bool


def draw(definition: Definition, language: str, here: str = "") -> Drawing:
    """`here`: the state in which a request is."""
    tops, leaving, height = _stacked(definition, language)
    lanes = _lanes(tops, leaving)
    edge = WIDTH - _FIRST_LANE - _LANE * (max(lanes.values(), default=0) + 1)
    sketch = _Sketch(definition, language, here, tops, tuple(leaving), edge)
    xs = {to: edge + _FIRST_LANE + _LANE * number for to, number in lanes.items()}
    return Drawing(
        height,
        tuple(sketch.box(name) for name in definition.states),
        tuple(sketch.row(each, xs.get(each.to or "")) for each in leaving),
        tuple(sketch.lane(to, x) for to, x in xs.items()),
        tuple(sketch.stems()),
    )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """Where everything is. tops: where each state begins; edge: where its box ends at the right."""

    definition: Definition
    language: str
    here: str
    tops: Mapping[str, int]
    leaving: tuple[_Leaving, ...]
    edge: int

    def box(self, name: str) -> Box:
        state, width = self.definition.states[name], self.edge - _EDGE
        words = state.of(self.language)
        squeeze = _squeeze(words, _BOX_SIGN, width - 34)
        return Box(name, words, state.kind, self.tops[name], width, name == self.here, squeeze)

    def row(self, step: _Leaving, lane: int | None) -> Row:
        squeeze = _squeeze(step.words, _SIGN, self.edge - _TEXT - 4)
        usable = step.origin == self.here
        return Row(step.words, step.y, None if step.straight else lane, step.to is None, usable, squeeze)

    def lane(self, to: str, x: int) -> Lane:
        steps = [each for each in self.leaving if each.to == to and not each.straight]
        into = self.tops[to] + _BOX // 2
        top, bottom = _span([each.y for each in steps], into)
        return Lane(x, top, bottom, into, self.edge, any(each.origin == self.here for each in steps))

    def stems(self) -> Iterator[Stem]:
        order = tuple(self.tops)
        for at, name in enumerate(order):
            own = [each for each in self.leaving if each.origin == name]
            if own:
                onward = own[-1].straight
                end = self.tops[order[at + 1]] if onward else own[-1].y
                yield Stem(self.tops[name] + _BOX, end, onward, name == self.here)


def _stacked(definition: Definition, language: str) -> tuple[dict[str, int], list[_Leaving], int]:
    """Where each state begins, the steps under it, and where all ends. A step to the next state stands last, as its arrow."""
    tops: dict[str, int] = {}
    leaving: list[_Leaving] = []
    order, y = tuple(definition.states), _EDGE
    for at, name in enumerate(order):
        tops[name], y = y, y + _BOX
        following = order[at + 1] if at + 1 < len(order) else None
        steps = sorted(
            (each for _, each in definition.leaving(name)),
            key=lambda step: step.to is not None and step.to == following,
        )
        for number, step in enumerate(steps, start=1):
            straight = step.to is not None and step.to == following and number == len(steps)
            leaving.append(_Leaving(step.of(language), name, step.to, y + _ROW // 2 + 3, straight))
            y += _ROW
        y += _GAP if steps else _GAP - 8
    return tops, leaving, y - _GAP + _EDGE + 8


def _lanes(tops: Mapping[str, int], leaving: Iterable[_Leaving]) -> dict[str, int]:
    """A lane for each state that is led to, the short ones inside; those that do not meet share one."""
    spans = {
        to: _span([each.y for each in leaving if each.to == to and not each.straight], tops[to] + _BOX // 2)
        for to in dict.fromkeys(each.to for each in leaving if each.to and not each.straight)
    }
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[str, int] = {}
    for to, span in sorted(spans.items(), key=lambda each: (each[1][1] - each[1][0], each[1])):
        free = (number for number, others in enumerate(taken) if not any(_meet(span, other) for other in others))
        number = next(free, len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append(span)
        lanes[to] = number
    return lanes


def _span(ys: Iterable[int], into: int) -> tuple[int, int]:
    all_of = (*ys, into)
    return min(all_of), max(all_of)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] + 4 and other[0] <= one[1] + 4


def _squeeze(words: str, sign: float, most: int) -> int | None:
    return most if seen_signs(words) * sign > most else None


def seen_signs(words: str) -> int:
    """How many letters stand beside each other: vowels above and below, and marks, take no room."""
    return sum(unicodedata.category(sign) != "Mn" for sign in words)
