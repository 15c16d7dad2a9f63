from pathlib import Path

import pytest

from agent.adapters.settings_file import append
from agent.errors import OperatorError


def fine(_draft: Path) -> None: ...


def no(_draft: Path) -> None:
    raise OperatorError("no")


@pytest.mark.parametrize("before", ["", "a = 1\n", "a = 1", "# only a comment\n"])
def test_what_stands_there_stays(tmp_path: Path, before: str) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(before)
    append(file, "b = 2\n", fine)
    assert file.read_text().startswith(before)
    assert file.read_text().endswith("\nb = 2\n" if before else "b = 2\n")


def test_a_file_of_windows_keeps_its_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_bytes(b"a = 1\r\n")
    append(file, "b = 2\n", fine)
    assert file.read_bytes() == b"a = 1\r\n\r\nb = 2\r\n"


def test_a_draft_that_will_not_do_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text("a = 1\n")
    with pytest.raises(OperatorError):
        append(file, "b = 2\n", no)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("agent.toml", "a = 1\n")]


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    append(tmp_path / "agent.toml", "b = 2\n", fine)
    assert (tmp_path / "agent.toml").read_text() == "b = 2\n"


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "true.toml").write_text("a = 1\n")
    (tmp_path / "agent.toml").symlink_to("true.toml")
    append(tmp_path / "agent.toml", "b = 2\n", fine)
    assert (tmp_path / "agent.toml").is_symlink()
    assert "b = 2" in (tmp_path / "true.toml").read_text()


def test_rights_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text("")
    file.chmod(0o604)
    append(file, "b = 2\n", fine)
    assert file.stat().st_mode & 0o777 == 0o604


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        append(tmp_path / "none" / "agent.toml", "b = 2\n", fine)
