from pathlib import Path

import pytest

from bench import config
from bench.__main__ import DEMO
from bench.errors import SettingsMistake
from bench.settings import BenchSettings


def complaint(tmp_path: Path, text: str) -> str:
    path = tmp_path / "bench.toml"
    path.write_text(text)
    with pytest.raises(SettingsMistake) as caught:
        config.load(path)
    return str(caught.value).removeprefix(str(path))


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_text("")
    assert config.load(path) == BenchSettings()


def test_the_demo_classroom_reads() -> None:
    demo = config.load(DEMO)
    assert (demo.projector.port, demo.receiver.port, demo.tv.link) == (4352, 8352, "p1-tv")


def test_a_mistyped_key_gets_the_nearest_one(tmp_path: Path) -> None:
    assert complaint(tmp_path, "[projector]\nprot = 4352\n") == ": projector.prot: no such key; did you mean 'port'?"


def test_a_mistyped_table_gets_the_nearest_one(tmp_path: Path) -> None:
    assert complaint(tmp_path, "[projektor]\n") == ": projektor: no such key; did you mean 'projector'?"


def test_a_key_like_nothing_gets_the_known_ones(tmp_path: Path) -> None:
    assert complaint(tmp_path, "[room]\nzzz = 1\n") == ": room.zzz: no such key; known here: key, ambient_c"


@pytest.mark.parametrize("value", ["70000", "-1", '"x"', "nan"])
def test_a_value_out_of_range_names_key_and_value(tmp_path: Path, value: str) -> None:
    line = complaint(tmp_path, f"[projector]\nport = {value}\n")
    assert line.startswith(": projector.port: input should")
    assert "\n" not in line
    assert value.strip('"') in line


def test_what_is_not_toml_is_told_with_its_place(tmp_path: Path) -> None:
    assert "is not TOML" in complaint(tmp_path, "[room\n")
    assert "line 1" in complaint(tmp_path, "[room\n")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistake, match=r"nothing\.toml: cannot be read \(No such file"):
        config.load(tmp_path / "nothing.toml")


def test_an_endless_file_is_refused(tmp_path: Path) -> None:
    assert "larger than" in complaint(tmp_path, "# " + "x" * config.MAX_FILE_BYTES)
