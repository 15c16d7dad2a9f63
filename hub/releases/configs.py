"""The configuration of one node on its way to it: `config/<group>/<node>/<version>.toml`.

Checked as far as the hub can: it is TOML, its tables are those of an agent, each device has a key and a profile that is known.
The agent that gets it checks the rest before it takes it, and tells why it did not.
"""

import re
import tomllib
from collections.abc import Container
from typing import Any

from firmware_profiles.toml_mistakes import did_you_mean
from hub.core.equipment import NodeKey
from hub.releases.errors import ReleaseMistake

MAX_CONFIG_BYTES = 16_384
_TABLES = frozenset(
    {"group", "node", "host_id", "log_level", "uplink", "journal", "host", "discovery", "updates", "profiles", "device"}
)
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def config_target(node: NodeKey, version: str) -> str:
    return f"config/{node.group}/{node.name}/{version}.toml"


def require_config(data: bytes, node: NodeKey, profiles: Container[str]) -> None:
    """Raises ReleaseMistake."""
    if len(data) > MAX_CONFIG_BYTES:
        raise ReleaseMistake(f"it has {len(data)} bytes; a device takes {MAX_CONFIG_BYTES}")
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReleaseMistake(f"it is no TOML: {error}") from None
    for name in document:
        if name not in _TABLES:
            raise ReleaseMistake(f"{name}: unknown key; {did_you_mean(name, sorted(_TABLES), 'there are')}")
    for name, own in (("group", node.group), ("node", node.name)):
        if name in document and document[name] != own:
            raise ReleaseMistake(f"{name}: {document[name]!r:.80}, but it is published for {node}; correct one of them")
    _require_devices(document.get("device", []), profiles)


def _require_devices(devices: Any, profiles: Container[str]) -> None:
    if not isinstance(devices, list):
        raise ReleaseMistake("device: is no list of tables; write [[device]]")
    keys: set[str] = set()
    for number, device in enumerate(devices):
        key = device.get("key") if isinstance(device, dict) else None
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ReleaseMistake(f"device[{number}].key: is none; write <room>-<kind>, such as p1-tv")
        if key in keys:
            raise ReleaseMistake(f"device[{number}].key: {key} stands there twice; give each its own")
        keys.add(key)
        _require_device(key, device, profiles)


def _require_device(key: str, device: dict[str, Any], profiles: Container[str]) -> None:
    for name in ("profile", "address"):
        if not isinstance(device.get(name), str):
            raise ReleaseMistake(f"device {key}: {name} is missing")
    if device["profile"] not in profiles:
        raise ReleaseMistake(
            f'device {key}: no profile "{device["profile"]:.80}"; publish it first, or correct its name'
        )
