from pathlib import Path

import pytest

from firmware_profiles.loader import UnknownProfile, load_catalog
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
