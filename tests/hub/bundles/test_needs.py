from collections.abc import Callable, Iterable, Mapping

import pytest
from packaging.version import Version

from hub.bundles.errors import BundleMistake
from hub.bundles.lock import Pin
from hub.bundles.needs import follow
from hub.bundles.platforms import PLATFORMS
from hub.bundles.wheel import Wheel

MakeWheel = Callable[..., Wheel]
HERE = PLATFORMS["x86_64"].environment("cp311")
EVERYTHING = frozenset({"", "agent"})


def pins(**versions: str) -> dict[str, Pin]:
    return {name: Pin(name, Version(version), frozenset({"0" * 64})) for name, version in versions.items()}


def shelf(*wheels: Wheel) -> Callable[[Iterable[Pin]], Mapping[str, Wheel]]:
    return lambda wanted: {pin.name: wheel for pin in wanted for wheel in wheels if wheel.name == pin.name}


def test_needs_are_followed_to_the_end(make_wheel: MakeWheel) -> None:
    own, alpha, beta = (
        make_wheel("own", "1", "alpha"),
        make_wheel("alpha", "1", "beta"),
        make_wheel("beta", "1", "alpha"),
    )
    found = follow(own, EVERYTHING, pins(alpha="1", beta="1"), HERE, shelf(alpha, beta))
    assert set(found) == {"alpha", "beta"}


def test_an_extra_that_nobody_asked_for_stays_away(make_wheel: MakeWheel) -> None:
    own = make_wheel("own", "1", "alpha; extra == 'agent'", "beta; extra == 'hub'")
    assert set(follow(own, EVERYTHING, pins(alpha="1", beta="1"), HERE, shelf(make_wheel("alpha", "1")))) == {"alpha"}


def test_an_extra_alone_does_without_what_is_needed_otherwise(make_wheel: MakeWheel) -> None:
    own = make_wheel("own", "1", "alpha", "beta; extra == 'provisioning'")
    found = follow(own, frozenset({"provisioning"}), pins(alpha="1", beta="1"), HERE, shelf(make_wheel("beta", "1")))
    assert set(found) == {"beta"}


def test_the_extra_of_a_need_brings_its_own(make_wheel: MakeWheel) -> None:
    own = make_wheel("own", "1", "beta", "alpha[more]")
    alpha, beta = make_wheel("alpha", "1", "gamma; extra == 'more'"), make_wheel("beta", "1", "alpha")
    found = follow(
        own, EVERYTHING, pins(alpha="1", beta="1", gamma="1"), HERE, shelf(alpha, beta, make_wheel("gamma", "1"))
    )
    assert set(found) == {"alpha", "beta", "gamma"}


def test_what_only_another_system_needs_stays_away(make_wheel: MakeWheel) -> None:
    assert (
        follow(make_wheel("own", "1", "alpha; sys_platform == 'win32'"), EVERYTHING, pins(alpha="1"), HERE, shelf())
        == {}
    )


def test_what_is_not_locked_is_named(make_wheel: MakeWheel) -> None:
    with pytest.raises(BundleMistake, match="own needs alpha, which the lock file does not hold"):
        follow(make_wheel("own", "1", "alpha"), EVERYTHING, {}, HERE, shelf())


def test_a_locked_version_that_does_not_fit_is_named(make_wheel: MakeWheel) -> None:
    with pytest.raises(BundleMistake, match=r"own needs alpha>=2, but 1 is locked"):
        follow(make_wheel("own", "1", "alpha>=2"), EVERYTHING, pins(alpha="1"), HERE, shelf())
