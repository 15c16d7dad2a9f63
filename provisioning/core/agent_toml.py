"""agent.toml of a device: what the hub configured, and around it what is this device's own: who it is, and how it reports.

The device's own always wins, so that no configuration from afar can cut it off or make it speak for another school.
"""

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
HEADING = "# Written by dltv-provision; the hub's next configuration replaces what is changed here.\n"


class NoToml(ValueError):
    """What the hub configured is not TOML. The text says where."""


@dataclass(frozen=True, slots=True)
class Own:
    """What of the settings belongs to the device; the files of its identity as absolute paths."""

    group: str
    node: str
    host_id: str
    brokers: tuple[str, ...]
    ca: str
    certificate: str
    key: str
    state: str
    profiles: str


def compose(configured: str, own: Own) -> str:
    """Raises NoToml."""
    try:
        told = tomllib.loads(configured)
    except tomllib.TOMLDecodeError as error:
        raise NoToml(str(error)) from None
    identity = {"group": own.group, "node": own.node, "host_id": own.host_id}
    uplink = {"broker": list(own.brokers), "ca": own.ca, "certificate": own.certificate, "key": own.key}
    tables = {
        "uplink": {**_table(told, "uplink"), **uplink},
        "journal": {**_table(told, "journal"), "directory": own.state},
        "updates": {**_table(told, "updates"), "directory": own.state},
        "profiles": {**_table(told, "profiles"), "directory": own.profiles},
    }
    return HEADING + write({**told, **identity, **tables})


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, dict):
        raise NoToml(f"{name} is no table")
    return value


def write(document: Mapping[str, Any]) -> str:
    """As TOML: plain values first, then tables, then lists of tables."""
    return "\n".join(_lines(document, "")) + "\n"


def _lines(table: Mapping[str, Any], path: str) -> list[str]:
    plain = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not _is_section(value)]
    for key, value in table.items():
        name = f"{path}{_key(key)}"
        if isinstance(value, dict):
            plain += ["", f"[{name}]", *_lines(value, f"{name}.")]
        elif _is_section(value):
            for each in value:
                plain += ["", f"[[{name}]]", *_lines(each, f"{name}.")]
    return plain


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case float():
            return _float(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())}}}"
    # What is left is whole numbers, dates and times.
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "nan"
    return repr(value) if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
