import re
from pathlib import Path

import pytest

from firmware_profiles.loader import UnknownProfile, load_catalog, set_version
from firmware_profiles.toml_model import TomlMistake


def test_the_packaged_profiles_are_found() -> None:
    assert {"lg/rs232", "pjlink/generic", "enigma2/openwebif", "host/linux"} <= set(load_catalog())


def test_an_unknown_profile_gets_a_hint() -> None:
    with pytest.raises(UnknownProfile, match='no profile "lg/rs323"; did you mean "lg/rs232"'):
        load_catalog().profile("lg/rs323")


def test_a_profile_like_no_other_gets_the_list() -> None:
    with pytest.raises(UnknownProfile, match=r"there are: .*enigma2/openwebif, "):
        load_catalog().profile("qqqq")


def test_a_hub_that_does_not_know_a_profile_finds_none() -> None:
    assert load_catalog().find("of/tomorrow") is None


def test_a_profile_is_read_once() -> None:
    catalogue = load_catalog()
    assert catalogue.profile("lg/rs232") is catalogue.profile("lg/rs232")


def test_a_mistake_in_a_profile_names_file_line_and_key(tmp_path: Path) -> None:
    good = (Path(__file__).parents[2] / "firmware_profiles/lg/rs232.toml").read_text("utf-8")
    (tmp_path / "lg").mkdir()
    (tmp_path / "lg/rs232.toml").write_text(good.replace('standby = "unknown"', 'standbi = "unknown"'), "utf-8")
    with pytest.raises(TomlMistake, match=r'lg/rs232\.toml:\d+: standbi: unknown key; did you mean "standby"'):
        load_catalog(tmp_path).profile("lg/rs232")


def test_a_profile_bears_its_files_name(tmp_path: Path) -> None:
    good = (Path(__file__).parents[2] / "firmware_profiles/lg/rs232.toml").read_text("utf-8")
    (tmp_path / "lg").mkdir()
    (tmp_path / "lg/other.toml").write_text(good, "utf-8")
    with pytest.raises(TomlMistake, match='write id = "lg/other"'):
        load_catalog(tmp_path).profile("lg/other")


def test_the_version_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.toml").write_text("x = 1")
    before = load_catalog(tmp_path).version
    (tmp_path / "a/b.toml").write_text("x = 2")
    assert load_catalog(tmp_path).version != before


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A set that knows one more model than the catalogue."""
    good = (Path(__file__).parents[2] / "firmware_profiles/lg/rs232.toml").read_text("utf-8")
    (tmp_path / "lg").mkdir()
    (tmp_path / "lg/new.toml").write_text(good.replace('id = "lg/rs232"', 'id = "lg/new"'), "utf-8")
    (tmp_path / "version").write_text("2026-05-01\n")
    return tmp_path


def test_a_newer_set_lies_over_the_catalogue(newer: Path) -> None:
    catalogue = load_catalog(over=newer)
    assert catalogue.profile("lg/new").id == "lg/new"
    assert "pjlink/generic" in catalogue
    assert catalogue.newer == {"lg/new"}


def test_the_version_tells_which_set_lies_over_the_catalogue(newer: Path) -> None:
    assert set_version(load_catalog(over=newer).version) == "2026-05-01"
    assert set_version(load_catalog().version) is None


def test_a_set_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert load_catalog(over=tmp_path / "missing").version == load_catalog().version


@pytest.mark.parametrize("text", ["", "../x", "a b"])
def test_a_set_without_a_version_is_a_mistake(newer: Path, text: str) -> None:
    (newer / "version").write_text(text)
    with pytest.raises(TomlMistake, match="version"):
        load_catalog(over=newer)


def test_a_set_brings_no_program_that_was_not_there(newer: Path) -> None:
    packaged = (Path(__file__).parents[2] / "firmware_profiles/linux/dvb-fe-tool.toml").read_text("utf-8")
    (newer / "linux").mkdir()
    file = newer / "linux/dvb-fe-tool.toml"
    file.write_text(packaged, "utf-8")
    assert load_catalog(over=newer).profile("linux/dvb-fe-tool").link.command is not None
    file.write_text(re.sub(r'run = \["[^"]*"', 'run = ["sh"', packaged), "utf-8")
    with pytest.raises(TomlMistake, match="bring it by a release"):
        load_catalog(over=newer).profile("linux/dvb-fe-tool")
