from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from hub.bundles.errors import NoWheel
from hub.bundles.index import Index
from hub.bundles.lock import Pin
from hub.bundles.platforms import PLATFORMS
from hub.bundles.wheel import Wheel

PI, HERE = PLATFORMS["armv7l"], PLATFORMS["x86_64"]


def test_a_wheel_that_is_in_the_cache_is_not_fetched(tmp_path: Path, make_wheel: Callable[..., Wheel]) -> None:
    folder = tmp_path / "x86_64-cp311"
    folder.mkdir()
    wheel = make_wheel("nobody_has_this", "1.0", folder=folder)
    pin = Pin("nobody-has-this", Version("1.0"), frozenset({wheel.sha256}))
    assert Index(tmp_path).fetch([pin], HERE, "cp311") == {"nobody-has-this": wheel}


def test_a_wheel_that_was_built_here_counts_where_nobody_publishes_one(
    tmp_path: Path, make_wheel: Callable[..., Wheel]
) -> None:
    (tmp_path / "built").mkdir()
    for tag in ("cp311-cp311-linux_armv7l", "cp313-cp313-linux_armv7l"):
        make_wheel("alpha", "1.0", tag=tag, folder=tmp_path / "built")
    pin = Pin("alpha", Version("1.0"), frozenset())
    found = Index(tmp_path / "cache", tmp_path / "built").fetch([pin], PI, "cp313")
    assert found["alpha"].path.name == "alpha-1.0-cp313-cp313-linux_armv7l.whl"


def test_wheels_that_nobody_publishes_are_one_clear_message(tmp_path: Path) -> None:
    pins = [Pin(name, Version("9999"), frozenset({"0" * 64})) for name in ("psutil", "cffi")]
    with pytest.raises(
        NoWheel, match=r"nobody publishes a wheel of psutil 9999, cffi 9999 for armv7l with Python 3\.11"
    ):
        Index(tmp_path).fetch(pins, PI, "cp311")
