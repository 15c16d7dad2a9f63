"""docs/devices.md says what is true: its table is the catalogue's, its example is a working profile."""

import re
from pathlib import Path

import pytest

from agent.__main__ import main
from tools.device_table import PAGE, filled

TEXT = PAGE.read_text("utf-8")


def block(name: str) -> str:
    found = re.findall(rf"^```\w+ {name}\n(.*?)^```$", TEXT, re.M | re.S)
    assert len(found) == 1, name
    return str(found[0])


@pytest.fixture
def example(tmp_path: Path) -> tuple[Path, Path]:
    """The example's profile, and the folder of its cases."""
    profile = tmp_path / "acme" / "example.toml"
    case = tmp_path / "transcripts" / "normal"
    profile.parent.mkdir()
    case.mkdir(parents=True)
    profile.write_text(block("profile"), "utf-8")
    (case / "session.txt").write_text(block("session"), "utf-8")
    (case / "expected.toml").write_text(block("expected"), "utf-8")
    return profile, case.parent


def test_the_table_of_devices_is_that_of_the_catalogue() -> None:
    assert filled(TEXT) == TEXT, "run python -m tools.device_table"


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(SystemExit):
        filled("# Devices")


def test_the_example_is_a_working_profile_with_a_true_session(
    example: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    profile, cases = example
    assert main(["profile", "check", str(profile), "--transcript", str(cases)]) == 0
    assert "fine: normal, 3 values as expected" in capsys.readouterr().out


def test_the_mistake_that_the_page_shows_is_told_so(
    example: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    profile, _ = example
    profile.write_text(block("profile").replace('"panel/hours"', '"panel/hour"'), "utf-8")
    assert main(["profile", "check", str(profile)]) == 2
    shown = re.search(r"`(example\.toml:\d+: .*)`$", TEXT, re.M)
    assert shown is not None
    assert capsys.readouterr().err.strip().endswith(shown[1])


def test_every_profile_that_the_kit_names_is_there() -> None:
    kit = TEXT.partition("## The recommended kit")[2].partition("## Teaching")[0]
    named = set(re.findall(r"`([a-z0-9-]+/[a-z0-9-]+)`", kit))
    root = PAGE.parents[1] / "firmware_profiles"
    assert [one for one in sorted(named) if not (root / f"{one}.toml").is_file()] == []
