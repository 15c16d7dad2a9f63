"""The causes of the contract, one module each, found by being here: nothing else names them.

A module with a `CAUSE` tells a fault of one device by its signs (signs.py); one with a `HYPOTHESIS` gives its odds on what is
seen of a dish (weighing.py); one with an `ABSENCE` tells what a node's being away was (absence.py).
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from hub.detection.absence import Absence
from hub.detection.signs import Cause
from hub.detection.weighing import Hypothesis


def _modules() -> tuple[ModuleType, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


def declared(name: str) -> tuple[Any, ...]:
    """What the modules that are here declare under a name."""
    return tuple(getattr(module, name) for module in _modules() if hasattr(module, name))


CAUSES: tuple[Cause, ...] = declared("CAUSE")
HYPOTHESES: tuple[Hypothesis, ...] = declared("HYPOTHESIS")
ABSENCES: tuple[Absence, ...] = declared("ABSENCE")
