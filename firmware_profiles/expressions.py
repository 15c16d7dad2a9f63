"""Regular expressions of profiles: only those whose work is bounded, whatever a device answers.

Python's matcher tries every way in which an expression can fit. `(a+)+` or `.*.*.*;` fits a long answer that is not quite right
in so many ways that the agent would stand still for hours, with all its other devices. Such an expression is a mistake in the
profile, and is refused when it is read: nobody can stop a match that has begun.

What is repeated often must look the same each time. Of what is left it is summed up, for each character, in how many ways (as
a power of two) repeats, options and alternatives that follow one another can share a run of it; something between them that it
is not ends such a run. The work is then at most two to that power.
"""

import re
import warnings
from collections.abc import Iterable
from math import log2
from re import _constants as sre  # type: ignore[attr-defined]  # how Python itself takes an expression apart
from re import _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 8192
"""Characters of an answer that is matched; no repeat needs to be thought of as longer."""
WHOLE, ANYWHERE = 28.0, 22.0
"""Ways, as powers of two: of an expression that has to fit all of an answer, or that is looked for in it."""
_OFTEN = 4
_CHARACTERS = range(256)
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_LOOKS = {sre.ASSERT, sre.ASSERT_NOT}
_PLACES = {sre.AT}
Item = tuple[Any, Any]
Ways = dict[int, float]
"""By character, in how many ways a run of it can be shared, as a power of two."""


class TooCostly(ValueError):
    """Some answer would keep the agent busy for ever."""


def require_bounded(pattern: str, at_most: float) -> None:
    """Raises re.error, and TooCostly with what to write instead."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = _parser.parse(pattern, re.DOTALL)
    most, _ = _walked(tree, dict.fromkeys(_CHARACTERS, 0.0))
    if most > at_most:
        raise TooCostly(
            "some answers fit it in too many ways: several repeats can take the same character. Put something between them "
            "that it is not, or a bound: {0,20}"
        )


def _walked(items: Iterable[Item], ways: Ways) -> tuple[float, Ways]:
    """The most ways on the way, and those that are open at the end."""
    most = max(ways.values(), default=0.0)
    for item in items:
        found, ways = _step(item, ways)
        most = max(most, found)
    return most, ways


def _step(item: Item, ways: Ways) -> tuple[float, Ways]:
    what, told = item
    if what in _REPEATS:
        return _repeated(told, ways)
    if what is sre.SUBPATTERN:
        return _walked(told[3], ways)
    if what is sre.ATOMIC_GROUP:
        return _walked(told, ways)
    if what is sre.BRANCH:
        return _either([_walked(one, ways) for one in told[1]])
    if what in _LOOKS:
        return _walked(told[1], ways)[0], ways
    if what in _PLACES:
        return 0.0, ways
    if what in (sre.GROUPREF, sre.GROUPREF_EXISTS, sre.GROUPREF_IGNORE):
        raise TooCostly("it looks back at what a group took; say what is meant by itself")
    taken = _taken(item)
    return 0.0, {each: count for each, count in ways.items() if each in taken} | _fresh(taken, ways)


def _fresh(taken: set[int], ways: Ways) -> Ways:
    """A run can begin here."""
    return {each: 0.0 for each in taken if each not in ways}


def _repeated(told: Any, ways: Ways) -> tuple[float, Ways]:
    least, most, body = told
    if all(map(_is_fixed, body)):
        return _run(least, most, body, ways)
    if most > _OFTEN:
        raise TooCostly("what is repeated must not hold repeats, options or alternatives; use a set: [ab]*")
    worst, left = 0.0, [ways] if not least else []
    for turn in range(1, most + 1):
        found, ways = _walked(body, ways)
        worst = max(worst, found)
        left += [ways] if turn >= least else []
    found, ways = _either([(worst, each) for each in left])
    return found, ways


def _run(least: int, most: int, body: Iterable[Item], ways: Ways) -> tuple[float, Ways]:
    """The same again and again."""
    taken = set().union(*(_taken(item) for item in body if item[0] not in _LOOKS | _PLACES))
    bits = log2(min(int(most), LONGEST) - min(least, LONGEST) + 1)
    more = {each: ways.get(each, 0.0) + bits for each in taken}
    # What has to come once at least ends the runs of what it is not.
    stays = {} if least else ways
    found = stays | more
    return max(found.values(), default=0.0), found


def _either(ways: list[tuple[float, Ways]]) -> tuple[float, Ways]:
    bits = log2(len(ways))
    joined: Ways = {}
    for _, after in ways:
        for each, count in after.items():
            joined[each] = max(joined.get(each, 0.0), count + bits)
    return max([*(found for found, _ in ways), *joined.values()], default=0.0), joined


def _is_fixed(item: Item) -> bool:
    """Whether it looks the same each time: as many characters, in one way."""
    what, told = item
    if what in _REPEATS:
        least, most, body = told
        return bool(least == most) and all(map(_is_fixed, body))
    if what is sre.SUBPATTERN:
        return all(map(_is_fixed, told[3]))
    if what in _LOOKS:
        return all(map(_is_fixed, told[1]))
    return what in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)


def _taken(item: Item) -> set[int]:
    """The characters, of those that devices use, that it can take. What lies beyond counts as none of them."""
    what, told = item
    if what is sre.SUBPATTERN:
        return set().union(*map(_taken, told[3]))
    if what in _REPEATS:
        return set().union(*map(_taken, told[2]))
    if what is sre.LITERAL:
        return {told}
    if what is sre.NOT_LITERAL:
        return set(_CHARACTERS) - {told}
    if what is sre.ANY:
        return set(_CHARACTERS)
    one = re.compile("".join(["[", *map(_member, told), "]"]))
    return {each for each in _CHARACTERS if one.fullmatch(chr(each))}


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _member(member: Item) -> str:
    what, told = member
    if what is sre.NEGATE:
        return "^"
    if what is sre.RANGE:
        return f"{re.escape(chr(told[0]))}-{re.escape(chr(told[1]))}"
    return _CATEGORIES[told] if what is sre.CATEGORY else re.escape(chr(told))
