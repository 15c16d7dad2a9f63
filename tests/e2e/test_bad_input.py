"""A mistake of a person gets one clear line that names the place and the way out, and exit code 2."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e


def said(*arguments: str, cwd: Path) -> tuple[int, list[str]]:
    """Exit code and the lines on stderr of one of our commands."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr.strip().splitlines()


def test_a_typo_in_hub_toml_is_named_with_file_and_key(tmp_path: Path) -> None:
    settings = tmp_path / "hub.toml"
    settings.write_text('[http]\nlissten = "127.0.0.1:0"\n')
    code, lines = said("hub", "serve", "--config", str(settings), cwd=tmp_path)
    assert (code, len(lines)) == (2, 1)
    assert str(settings) in lines[0]
    assert "lissten" in lines[0]
    assert "listen" in lines[0].replace("lissten", "")


@pytest.mark.parametrize("option", ["--http", "--mqtt"])
def test_a_port_in_use_is_named_with_the_option(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = {"--http": "127.0.0.1:0", "--mqtt": "127.0.0.1:0", option: f"127.0.0.1:{port}"}
        arguments = [word for pair in ports.items() for word in pair]
        code, lines = said("hub", "serve", "--data-dir", str(tmp_path / "hub"), *arguments, cwd=tmp_path)
    assert code == 2
    assert len(lines) == 1
    assert str(port) in lines[0]
    assert option in lines[0]


@pytest.mark.parametrize("option", ["--http", "--mqtt"])
def test_a_hub_that_lets_everybody_in_listens_at_home_only(tmp_path: Path, option: str) -> None:
    listens = {"--http": "127.0.0.1:0", "--mqtt": "127.0.0.1:0", option: "0.0.0.0:0"}
    arguments = [word for pair in listens.items() for word in pair]
    code, lines = said("hub", "serve", "--demo", "--data-dir", str(tmp_path / "hub"), *arguments, cwd=tmp_path)
    assert (code, len(lines)) == (2, 1)
    assert "demo" in lines[0]
    assert "loopback" in lines[0]


def test_a_typo_in_agent_toml_is_named_with_file_and_key(tmp_path: Path) -> None:
    settings = tmp_path / "agent.toml"
    settings.write_text('[[device]]\nkey = "p1-tv"\nprofil = "lg/rs232"\naddress = "/dev/ttyUSB0"\n')
    code, lines = said("agent", "run", "--config", str(settings), cwd=tmp_path)
    assert code == 2
    assert any(
        str(settings) in line and "profil" in line and "profile" in line.replace("profil ", "") for line in lines
    )


def test_a_group_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    code, lines = said("agent", "run", "--broker", "mqtt://127.0.0.1", "--group", "a/b", "--node", "1", cwd=tmp_path)
    assert (code, len(lines)) == (2, 1)
    assert "a/b" in lines[0]
