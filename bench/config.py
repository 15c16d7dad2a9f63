"""bench.toml to one frozen BenchSettings; every mistake becomes one line with file, key and the way out."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bench.catalogue import catalogue
from bench.errors import SettingsMistake
from bench.settings import BenchSettings, DeviceSettings, DishSettings, MorningSettings, RoomSettings

MAX_FILE_BYTES = 256 * 1024
TABLES: dict[str, type[BaseModel]] = {"morning": MorningSettings, "room": RoomSettings, "dish": DishSettings}


def load(path: Path) -> BenchSettings:
    """Raises SettingsMistake."""
    document = _read(path)
    devices = document.get("device")
    if isinstance(devices, list):
        document["device"] = [_device(path, number, table) for number, table in enumerate(devices, 1)]
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


def _device(path: Path, number: int, table: Any) -> DeviceSettings:
    """The table's `speaks` decides which keys it may have. Its own key, where it has one, names it in a complaint."""
    if not isinstance(table, dict):
        raise SettingsMistake(path, f"device {number}", "is no table", "write [[device]]")
    called = str(table.get("key", f"device {number}"))[:40]
    speaks = table.get("speaks")
    simulator = catalogue().get(speaks) if isinstance(speaks, str) else None
    if simulator is None:
        raise SettingsMistake(path, f"{called}.speaks", f"no simulator speaks {str(speaks)[:40]!r}", _which(speaks))
    try:
        return simulator.settings.model_validate(table)
    except ValidationError as error:
        raise _mistake(path, error, called, simulator.settings) from None


def _which(speaks: Any) -> str:
    near = get_close_matches(str(speaks), catalogue(), n=1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(catalogue())}"


def _mistake(
    path: Path, error: ValidationError, called: str = "", model: type[BaseModel] = BenchSettings
) -> SettingsMistake:
    """The first thing that is wrong: who mends it starts again anyway."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    key = ".".join([called, *place] if called else place)
    if first["type"] == "extra_forbidden":
        return SettingsMistake(path, key, "no such key", _nearest(place[-1], _beside(place, model)))
    problem = f"{first['msg'][:1].lower()}{first['msg'][1:]}".removeprefix("value error, ")
    shown = f" (it is {str(first['input'])[:40]!r})" if first["type"] != "value_error" and place else ""
    return SettingsMistake(path, key, problem + shown, "correct the value")


def _nearest(key: str, keys: list[str]) -> str:
    near = get_close_matches(key, keys, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(keys)}"


def _beside(place: list[str], model: type[BaseModel]) -> list[str]:
    inner = TABLES.get(place[0], model) if len(place) > 1 else model
    return list(inner.model_fields)
