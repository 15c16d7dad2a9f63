"""The lock files, which lie beside this module: in the tree as links to locks/, in an installed hub as files."""

from collections.abc import Mapping
from pathlib import Path

from hub.bundles.errors import BundleMistake
from hub.bundles.lock import Pin, read_pins

_NAMES = ("run.lock", "bundle.lock")


def locked() -> Mapping[str, Pin]:
    """Raises BundleMistake."""
    pins: dict[str, Pin] = {}
    for name in _NAMES:
        path = Path(__file__).with_name(name)
        if not path.is_file():
            raise BundleMistake(f"{name} is missing; install the hub anew from its wheel")
        pins |= read_pins(path.read_text("utf-8"))
    return pins
