import pytest
from packaging.markers import Marker

from hub.bundles.errors import BundleMistake
from hub.bundles.platforms import PLATFORMS, chosen


def test_all_platforms_are_chosen_where_none_is_named() -> None:
    assert [each.name for each in chosen([], [])] == ["armv7l", "aarch64", "x86_64", "win_amd64"]


def test_a_platform_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BundleMistake, match="no platform mips; there are armv7l, aarch64"):
        chosen(["mips"], [])


def test_a_platform_can_be_made_for_one_python() -> None:
    [platform] = chosen(["x86_64"], ["cp311"])
    assert platform.pythons == ("cp311",)


def test_a_python_of_another_form_is_refused() -> None:
    with pytest.raises(BundleMistake, match=r"no Python 3\.11; write it like cp311"):
        chosen(["x86_64"], ["3.11"])


def test_no_wheel_is_taken_that_needs_a_newer_system_than_the_oldest() -> None:
    tags = PLATFORMS["aarch64"].tags
    assert tags[0] == "manylinux_2_36_aarch64"
    assert "manylinux2014_aarch64" in tags
    assert "manylinux_2_39_aarch64" not in tags


@pytest.mark.parametrize(
    ("name", "marker", "holds"),
    [
        ("win_amd64", "sys_platform == 'win32' and os_name == 'nt'", True),
        ("armv7l", "sys_platform == 'win32'", False),
        ("armv7l", "platform_machine == 'armv7l' and python_version >= '3.11'", True),
    ],
)
def test_markers_are_judged_for_the_school_not_for_the_office(name: str, marker: str, holds: bool) -> None:
    environment = {**PLATFORMS[name].environment("cp311"), "extra": ""}
    assert Marker(marker).evaluate(dict(environment)) is holds
