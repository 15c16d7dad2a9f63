"""Clauses of a stored text that are said only where they hold. The catalogues write them in square brackets.

[ by %(drop_db)s]        said where there is a drop: not None, not False, not 0
[%(storm)s, in a storm]  a yes-or-no is a condition and says nothing itself
[%(none_drop_db)s…]      conditions alone: none_x, x is not known; no_x, x is 0 or no; one_x, x is 1; many_x, x is more
Several conditions in one clause must all hold. A clause holds no further one.
"""

import re
from collections.abc import Callable, Mapping

from wire.metrics import Value

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_CLAUSE = re.compile(r"\[([^\[\]]*)\]")


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


_CONDITIONS: Mapping[str, Callable[[Value], bool]] = {
    "none_": lambda value: value is None,
    "no_": lambda value: value is not None and not value,
    "one_": lambda value: _number(value) == 1,
    "many_": lambda value: _number(value) > 1,
}


def parameter_of(name: str) -> str:
    """The parameter that a placeholder asks about: a condition's, or itself."""
    return name.removeprefix(_condition(name))


def is_condition(name: str) -> bool:
    return bool(_condition(name))


def told(words: str, params: Mapping[str, Value]) -> str:
    """The words without the clauses that do not hold, and without brackets and conditions in those that do."""
    return _CLAUSE.sub(lambda clause: _clause(clause[1], params), words)


def _clause(words: str, params: Mapping[str, Value]) -> str:
    names = PLACEHOLDER.findall(words)
    if not all(_holds(name, params) for name in names):
        return ""
    silent = {name for name in names if is_condition(name) or isinstance(params.get(name), bool)}
    return PLACEHOLDER.sub(lambda match: "" if match[1] in silent else match[0], words)


def _holds(name: str, params: Mapping[str, Value]) -> bool:
    condition = _condition(name)
    value = params.get(name.removeprefix(condition))
    return _CONDITIONS[condition](value) if condition else bool(value)


def _condition(name: str) -> str:
    return next((prefix for prefix in _CONDITIONS if name.startswith(prefix)), "")
