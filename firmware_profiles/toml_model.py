"""TOML files into pydantic models, with environment overrides. What is wrong is told as TomlMistake, one line a mistake.

Models forbid unknown keys themselves (`extra="forbid"`). Which files and which prefix is left to the callers.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from firmware_profiles.toml_lines import line_of
from firmware_profiles.toml_mistakes import Place, TomlMistake, dotted, explain, gather, place_in, value_at

__all__ = ["TomlMistake", "load", "parse"]

MAX_BYTES = 1024 * 1024
Model = TypeVar("Model", bound=BaseModel)


@dataclass(slots=True)
class _Document:
    """A file's tables, and which of its values came from elsewhere: place to variable and to its text."""

    path: Path | str
    text: str
    data: dict[str, Any]
    variables: dict[Place, tuple[str, str]] = field(default_factory=dict)


def load(
    path: Path | None,
    model: type[Model],
    *,
    env: Mapping[str, str] | None = None,
    prefix: str | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Model:
    """The file as a model. Raises TomlMistake.

    path       None: no file, only what the environment and the overrides say
    env        with the prefix `DLTV_AGENT_`, the variable DLTV_AGENT_UPLINK__BROKER overrides `uplink.broker`, and
               DLTV_AGENT_DEVICES__0__PASSWORD a value in the first table of a list. Its text is read as a TOML value
               where it is one, else it is taken as it stands
    overrides  by dotted key, such as `uplink.broker`: what the command line said. It overrides the environment
    """
    text = "" if path is None else _read(path)
    document = _Document(path or "settings", text, _tables(text, path or "settings"))
    for name, value in (env or {}).items():
        if prefix and name.startswith(prefix):
            _override(document, name.removeprefix(prefix).lower().split("__"), name, value)
    for key, given in (overrides or {}).items():
        _put(document, key.split("."), given)
    return _validate(document, model)


def parse(text: str, model: type[Model], source: Path | str) -> Model:
    """TOML text as a model; `source` is how mistakes call it. Raises TomlMistake."""
    return _validate(_Document(source, text, _tables(text, source)), model)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise TomlMistake(path, "", f"is larger than {MAX_BYTES} bytes", "is it the right file?")
        return data.decode("utf-8")
    except FileNotFoundError:
        raise TomlMistake(path, "", "there is no such file", "create it, or name the right one") from None
    except UnicodeDecodeError as error:
        raise TomlMistake(path, "", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise TomlMistake(path, "", problem, "name a file that this user may read") from None


def _tables(text: str, source: Path | str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlMistake(source, "", f"not TOML: {error}", "correct the syntax there") from None
    except RecursionError:
        raise TomlMistake(source, "", "nested too deeply", "is it the right file?") from None


def _override(document: _Document, steps: list[str], variable: str, text: str) -> None:
    place = _put(document, steps, _value(text))
    if place is None:
        way_out = "separate tables from keys with __, and use the number of an existing table in a list"
        raise TomlMistake(variable, ".".join(steps), "leads nowhere", way_out)
    document.variables[place] = (variable, text)


def _put(document: _Document, steps: list[str], value: object) -> Place | None:
    """Set the value at these keys, making tables on the way. None where that is impossible."""
    *tables, last = steps
    at: Any = document.data
    place: list[str | int] = []
    for step in tables:
        key = _key(at, step)
        if key is None:
            return None
        at = at.setdefault(key, {}) if isinstance(at, dict) else at[key]
        place.append(key)
    key = _key(at, last)
    if key is None:
        return None
    at[key] = value
    return (*place, key)


def _key(container: object, step: str) -> str | int | None:
    if isinstance(container, dict):
        return step
    if isinstance(container, list) and step.isdecimal() and int(step) < len(container):
        return int(step)
    return None


def _value(text: str) -> object:
    try:
        values = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return values["value"] if len(values) == 1 else text


def _validate(document: _Document, model: type[Model]) -> Model:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        if not _took_as_text(document, error):
            raise gather(_mistakes(document, model, error)) from None
    return _validate(document, model)


def _took_as_text(document: _Document, error: ValidationError) -> bool:
    """Where a variable's text was read as a number and text was wanted, put the text back. Whether there was any."""
    changed = False
    for detail in error.errors():
        place = place_in(document.data, detail["loc"])
        variable = document.variables.get(place)
        if detail["type"] == "string_type" and variable and not isinstance(value_at(document.data, place), str):
            _put(document, [str(step) for step in place], variable[1])
            changed = True
    return changed


def _mistakes(document: _Document, model: type[BaseModel], error: ValidationError) -> list[TomlMistake]:
    found: dict[str, TomlMistake] = {}
    for detail in _told(error.errors()):
        place = place_in(document.data, detail["loc"])
        problem, way_out = explain(detail, place, document.data, model)
        variable = _variable(document, place)
        mistake = TomlMistake(
            variable or document.path,
            dotted(place),
            problem,
            way_out,
            line=None if variable else line_of(document.text, place),
        )
        found.setdefault(mistake.one_line, mistake)
    return list(found.values())


def _told(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list is not too short because something in it is wrong."""
    broken = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in broken]


def _variable(document: _Document, place: Place) -> str | None:
    """The variable that set this value, or one that made the table around it."""
    for length in range(len(place), 0, -1):
        if place[:length] in document.variables:
            return document.variables[place[:length]][0]
    inside = (name for at, (name, _) in document.variables.items() if place and at[: len(place)] == place)
    return next(inside, None)
