"""Which packages a program needs on a computer: the requirements of its wheels, followed to the end. Pure."""

from collections.abc import Callable, Iterable, Mapping

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hub.bundles.errors import BundleMistake
from hub.bundles.lock import Pin
from hub.bundles.wheel import Wheel

Fetch = Callable[[Iterable[Pin]], Mapping[str, Wheel]]


def follow(
    own: Wheel, extras: frozenset[str], pins: Mapping[str, Pin], environment: Mapping[str, str], fetch: Fetch
) -> dict[str, Wheel]:
    """All wheels beside `own` by name, in the versions that are locked. Raises BundleMistake."""
    found: dict[str, Wheel] = {}
    asked: dict[str, frozenset[str]] = {}
    front = _wants(own, extras, pins, environment)
    while front:
        new = [name for name in front if name not in found]
        found |= fetch(pins[name] for name in sorted(new))
        asked |= {name: asked.get(name, frozenset()) | wanted for name, wanted in front.items()}
        further: dict[str, frozenset[str]] = {}
        for name in front:
            for other, wanted in _wants(found[name], asked[name] | {""}, pins, environment).items():
                further[other] = further.get(other, frozenset()) | wanted
        front = {name: wanted for name, wanted in further.items() if name not in asked or wanted - asked[name]}
    return found


def _wants(
    wheel: Wheel, extras: frozenset[str], pins: Mapping[str, Pin], environment: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Names with the extras that are asked of them; "" among `extras` stands for what is needed without one."""
    wants: dict[str, frozenset[str]] = {}
    for each in wheel.requires:
        if any(_applies(each, {**environment, "extra": extra}) for extra in extras):
            name = _locked(each, pins, wheel)
            wants[name] = wants.get(name, frozenset()) | frozenset(each.extras)
    return wants


def _applies(requirement: Requirement, environment: Mapping[str, str]) -> bool:
    """An extra adds to what is needed anyway: without a marker, "" alone brings it in."""
    if requirement.marker is None:
        return environment["extra"] == ""
    return requirement.marker.evaluate(dict(environment))


def _locked(requirement: Requirement, pins: Mapping[str, Pin], wheel: Wheel) -> str:
    pin = pins.get(canonicalize_name(requirement.name))
    if pin is None:
        raise BundleMistake(
            f"{wheel.name} needs {requirement.name}, which the lock file does not hold; run `make lock`"
        )
    if not requirement.specifier.contains(pin.version, prereleases=True):
        raise BundleMistake(f"{wheel.name} needs {requirement}, but {pin.version} is locked; run `make lock`")
    return pin.name
