"""What this computer is: shown to the office when it enrols, and deciding which bundle it takes."""

import platform
import sys
from pathlib import Path

from provisioning.core.bundle import platform_of
from provisioning.core.contract import Hardware

_SERIALS = ("/proc/device-tree/serial-number", "/sys/class/dmi/id/product_serial")
_MODELS = ("/proc/device-tree/model", "/sys/class/dmi/id/product_name")
_MOST = 200


def hardware() -> Hardware:
    return Hardware(_first(_SERIALS), _first(_MODELS), _system(), platform.machine())


def platform_name() -> str:
    return platform_of(platform.machine(), windows=sys.platform == "win32", narrow=sys.maxsize < 2**32)


def _system() -> str:
    try:
        return _clean(platform.freedesktop_os_release()["PRETTY_NAME"])
    except (OSError, KeyError):
        return _clean(f"{platform.system()} {platform.release()}")


def _first(paths: tuple[str, ...]) -> str:
    for path in paths:
        try:
            return _clean(Path(path).read_bytes()[:_MOST].decode("utf-8", "replace"))
        except OSError:
            continue
    return ""


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:_MOST].strip()
