"""bench.toml to one frozen BenchSettings; every mistake becomes one line with file, key and the way out."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bench.errors import SettingsMistake
from bench.settings import BenchSettings

MAX_FILE_BYTES = 256 * 1024


def load(path: Path) -> BenchSettings:
    """Raises SettingsMistake."""
    document = _read(path)
    try:
        return BenchSettings.model_validate(document)
    except ValidationError as error:
        raise _mistake(path, error) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise SettingsMistake(path, "", f"larger than {MAX_FILE_BYTES} bytes", "this is no settings file")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise SettingsMistake(path, "", f"cannot be read ({error.strerror})", "name a readable bench.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsMistake(path, "", f"is not TOML ({error})", "mend that line") from None


def _mistake(path: Path, error: ValidationError) -> SettingsMistake:
    """The first thing that is wrong: who mends it starts again anyway."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        return SettingsMistake(path, ".".join(place), "no such key", _nearest(place))
    problem = f"{first['msg'][:1].lower()}{first['msg'][1:]} (it is {str(first['input'])[:40]!r})"
    return SettingsMistake(path, ".".join(place), problem, "correct the value")


def _nearest(place: list[str]) -> str:
    keys = _keys_beside(place)
    near = get_close_matches(place[-1], keys, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(keys)}"


def _keys_beside(place: list[str]) -> list[str]:
    model: type[BaseModel] = BenchSettings
    for part in place[:-1]:
        inner = model.model_fields[part].annotation
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        model = inner
    return list(model.model_fields)
