"""What a hub and its process that judges say to each other: a line of JSON each.

To it: the settings first, with their secrets, then whether the hub is connected to its broker. From it: what changed, and once a
second how it goes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, SecretStr

from hub.config import HubSettings, Listen
from hub.core.live import Changes


@dataclass(frozen=True, slots=True)
class Life:
    """idle_s: seconds since a step of judging went well. trouble: why none does; empty when they do"""

    idle_s: float
    trouble: str


Said = Changes | Life


class NotUnderstood(ValueError):
    """A line that is none of these."""


def spell(told: HubSettings | bool | Said) -> bytes:
    """bool: the hub is connected to its broker"""
    match told:
        case HubSettings():
            return _line(_plain(told))
        case bool():
            return _line({"listening": told})
        case Life():
            return _line({"life": asdict(told)})
        case Changes():
            return _line({"changes": {"tickets": sorted(told.tickets), "requests": sorted(told.requests)}})


def read_settings(line: bytes) -> HubSettings:
    return HubSettings.model_validate(orjson.loads(line))


def read_listening(line: bytes) -> bool:
    return bool(orjson.loads(line)["listening"])


def read_said(line: bytes) -> Said:
    """Raises NotUnderstood."""
    try:
        match orjson.loads(line):
            case {"changes": {"tickets": tickets, "requests": requests}}:
                return Changes(tickets=frozenset(map(int, tickets)), requests=frozenset(map(str, requests)))
            case {"life": {"idle_s": idle_s, "trouble": trouble}}:
                return Life(float(idle_s), str(trouble))
    except (ValueError, TypeError) as error:
        raise NotUnderstood(str(error)) from None
    raise NotUnderstood("no line of a process that judges")


def _line(told: object) -> bytes:
    return orjson.dumps(told) + b"\n"


def _plain(value: Any) -> Any:
    """As hub.toml would say it."""
    match value:
        case BaseModel():
            return _section(value)
        case Mapping():
            return {str(_plain(key)): _plain(each) for key, each in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(each) for each in value]
    return _scalar(value)


def _section(section: BaseModel) -> dict[str, Any]:
    """Only what was set, so that defaults stay what they are."""
    fields = type(section).model_fields
    return {fields[name].alias or name: _plain(getattr(section, name)) for name in sorted(section.model_fields_set)}


def _scalar(value: Any) -> Any:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case Path() | Listen():
            return str(value)
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"a setting of the kind {type(value).__name__} cannot be handed over")
