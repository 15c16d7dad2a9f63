"""The causes of the contract, one module each. A module with a `CAUSE` is found by being here; nothing else names it."""

from importlib import import_module
from pkgutil import iter_modules

from hub.detection.signs import Cause


def _found() -> tuple[Cause, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").CAUSE for name in names)


CAUSES = _found()
