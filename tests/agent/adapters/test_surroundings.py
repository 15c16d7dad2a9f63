from pathlib import Path

import pytest

from agent.adapters.surroundings import lines_named, real_place


def test_lines_are_told_with_the_place_that_is_behind_their_names(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "usb-a").symlink_to("ttyUSB0")
    (tmp_path / "usb-gone").symlink_to("ttyUSB1")
    assert lines_named([f"{tmp_path}/usb-*"]) == {f"{tmp_path}/usb-a": f"{tmp_path}/ttyUSB0"}


@pytest.mark.parametrize("pattern", ["/", "//", "/**x", "/[", "/no/such/place/*"])
def test_a_strange_pattern_does_no_harm(pattern: str) -> None:
    assert set(lines_named([pattern])) <= {"/", "//"}


def test_all_names_of_one_line_are_one_place(tmp_path: Path) -> None:
    (tmp_path / "usb-a").symlink_to("ttyUSB0")
    assert real_place(f"serial:{tmp_path}/usb-a") == real_place(f"{tmp_path}/ttyUSB0")


@pytest.mark.parametrize("address", ["tcp://192.0.2.7:4352", "usb:ffff:ffff:none", "usb:wrong"])
def test_what_is_no_line_of_this_computer_stays_as_it_is(address: str) -> None:
    assert real_place(address) == address
