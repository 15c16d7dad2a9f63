"""What of the Windows installer can be checked without Windows: its C# compiles; its scripts are whole, and of plain signs."""

import re
import subprocess
from pathlib import Path

import pytest

WINDOWS = Path(__file__).parents[3] / "provisioning" / "windows"
SCRIPTS = sorted(WINDOWS.glob("*.ps1"))
PAIRS = {")": "(", "}": "{", "]": "["}
QUOTED = re.compile(r"@'\n.*?\n'@|'[^'\n]*'|\"(?:`.|[^\"`\n])*\"|#[^\n]*", re.DOTALL)


def test_the_service_compiles(tmp_path: Path) -> None:
    command = ["mcs", "-langversion:5", "-warnaserror", "-r:System.ServiceProcess", f"-out:{tmp_path / 'service.exe'}"]
    done = subprocess.run([*command, WINDOWS / "service.cs"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("path", sorted(WINDOWS.iterdir()), ids=lambda path: path.name)
def test_windows_powershell_reads_it_without_a_mark_of_its_coding(path: Path) -> None:
    assert path.read_bytes().isascii()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_is_opened_is_closed(script: Path) -> None:
    code = QUOTED.sub("", script.read_text("ascii"))
    opened: list[str] = []
    for sign in code:
        if sign in PAIRS.values():
            opened.append(sign)
        elif sign in PAIRS:
            assert opened.pop() == PAIRS[sign]
    assert opened == []
    assert not set(code) & {"'", '"'}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_mistake_ends_a_script(script: Path) -> None:
    text = script.read_text("ascii")
    assert "$ErrorActionPreference = 'Stop'" in text
    assert "Set-StrictMode" in text
