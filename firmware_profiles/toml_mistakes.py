"""What is wrong with a TOML file, in one clear line a mistake: where, which key, what, and the way out.

Only names and types are told, never values: they may be secrets.
"""

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Union

from pydantic import BaseModel
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]

_TYPE_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a table",
}
_WANTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list: [ … ]",
    "tuple_type": "a list: [ … ]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


class TomlMistake(Exception):
    """A configuration that cannot be used. `str` is one line; where there are several mistakes, one line for each.

    path      the file, or the name of the environment variable or option that the value came from
    key       dotted, `devices[1].room`; empty where the whole file is meant
    problem   what is wrong
    way_out   what to do about it
    line      of the file, where it is known
    others    further mistakes of the same file
    """

    def __init__(
        self,
        path: Path | str,
        key: str,
        problem: str,
        way_out: str,
        *,
        line: int | None = None,
        others: "Sequence[TomlMistake]" = (),
    ) -> None:
        super().__init__(path, key, problem, way_out)
        self.path, self.key, self.problem, self.way_out = path, key, problem, way_out
        self.line = line
        self.others = tuple(others)

    @property
    def one_line(self) -> str:
        """This mistake alone."""
        where = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return "".join([f"{where}: ", f"{self.key}: " if self.key else "", self.problem, "; ", self.way_out])

    def __str__(self) -> str:
        return "\n".join([self.one_line, *(other.one_line for other in self.others)])


def gather(mistakes: Sequence[TomlMistake]) -> TomlMistake:
    """Several mistakes as one error."""
    first, *others = mistakes
    first.others = tuple(others)
    return first


def dotted(place: Place) -> str:
    """`("devices", 1, "room")` as `devices[1].room`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def place_in(data: object, location: Iterable[str | int]) -> Place:
    """pydantic's location without the names of union members that it puts between keys."""
    steps = list(location)
    place: list[str | int] = []
    for index, step in enumerate(steps):
        inner = _inside(data, step)
        # A union member may be named like a key of its table: what holds no further keys is not a step on the way.
        if not isinstance(inner, Mapping | list) and index < len(steps) - 1:
            continue
        place.append(step)
        data = inner
    return tuple(place)


def value_at(data: object, place: Place) -> object:
    """What stands at `place`, or None."""
    for step in place:
        data = _inside(data, step)
    return data


def _inside(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def explain(error: ErrorDetails, place: Place, data: object, model: type[BaseModel]) -> tuple[str, str]:
    """The problem and the way out of one of pydantic's errors."""
    kind, name = error["type"], str(place[-1]) if place else ""
    if kind == "extra_forbidden":
        return "unknown key", did_you_mean(name, keys_of(model, place[:-1]), "keys that may stand here")
    if kind == "missing":
        table = dotted(place[:-1])
        return "this key is missing", f"add {name} = … " + (f"to {table}" if table else "at the top of the file")
    if kind in ("literal_error", "enum"):
        return (
            "not one of the values that may stand here",
            f"write {error.get('ctx', {}).get('expected', 'one of them')}",
        )
    if kind in _WANTED:
        return f"is {_type_name(value_at(data, place))}", f"write {_WANTED[kind]}"
    return _sentence(error["msg"])


def _type_name(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "missing" if value is None else type(value).__name__)


def _sentence(message: str) -> tuple[str, str]:
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    problem, found, way_out = text.partition("; ")
    return (problem, way_out) if found else (text[:1].lower() + text[1:], "correct the value")


def did_you_mean(name: str, known: Iterable[str], these: str) -> str:
    """The way out for a name that nobody knows: the nearest known one, else all that there are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else f"{these}: {', '.join(names) or 'none'}"


def keys_of(model: type[BaseModel], place: Place) -> set[str]:
    """The keys that the model allows in the table at `place`."""
    found: list[Any] = [model]
    for step in place:
        found = [inner for one in found for inner in _step_into(one, step)]
    return {key for one in found for key in _keys(one)}


def _keys(annotation: Any) -> Iterator[str]:
    for model in _models(annotation):
        for name, field in model.model_fields.items():
            yield field.alias or name


def _step_into(annotation: Any, step: str | int) -> Iterator[Any]:
    for model in _models(annotation):
        for name, field in model.model_fields.items():
            if step in (name, field.alias):
                yield field.annotation
    for container in _members(annotation):
        arguments = [one for one in typing.get_args(container) if one is not Ellipsis]
        if typing.get_origin(container) is not None and arguments:
            yield arguments[-1]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, BaseModel):
            yield member


def _members(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        yield from _members(typing.get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in typing.get_args(annotation):
            yield from _members(member)
    else:
        yield annotation
