import json

import pytest

from provisioning.core.bundle import BadBundle, Release, platform_of, target_of

GOOD = {"format": 1, "version": "1.2.0", "platform": "aarch64", "pip": "pip-24-py3-none-any.whl"}


def test_a_bundle_says_what_it_is() -> None:
    assert Release.decode(json.dumps(GOOD).encode()) == Release("1.2.0", "aarch64", "pip-24-py3-none-any.whl")


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"[]",
        b"{}",
        json.dumps({**GOOD, "format": 2}).encode(),
        json.dumps({**GOOD, "version": "../x"}).encode(),
        json.dumps({**GOOD, "pip": "../pip"}).encode(),
        json.dumps({**GOOD, "pip": 1}).encode(),
    ],
)
def test_what_is_no_bundle_is_refused(data: bytes | None) -> None:
    with pytest.raises(BadBundle):
        Release.decode(data)


@pytest.mark.parametrize(
    ("machine", "windows", "narrow", "name"),
    [
        ("x86_64", False, False, "x86_64"),
        ("aarch64", False, False, "aarch64"),
        ("aarch64", False, True, "armv7l"),
        ("armv7l", False, True, "armv7l"),
        ("armv8l", False, True, "armv7l"),
        ("AMD64", True, False, "win_amd64"),
    ],
)
def test_the_platform_is_that_of_this_python(machine: str, windows: bool, narrow: bool, name: str) -> None:
    assert platform_of(machine, windows=windows, narrow=narrow) == name


def test_a_release_is_signed_for_by_version_and_platform() -> None:
    assert target_of("1.2.0", "aarch64") == "releases/1.2.0/aarch64.zip"
