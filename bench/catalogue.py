"""Which simulators there are: every module in bench/simulators that has a SIMULATOR in it."""

import importlib
import pkgutil
from functools import cache

from bench import simulators
from bench.simulator import Simulator


@cache
def catalogue() -> dict[str, Simulator]:
    """By what they speak."""
    names = sorted(module.name for module in pkgutil.iter_modules(simulators.__path__))
    modules = [importlib.import_module(f"{simulators.__name__}.{name}") for name in names]
    found: list[Simulator] = [module.SIMULATOR for module in modules if hasattr(module, "SIMULATOR")]
    return {simulator.speaks: simulator for simulator in found}
