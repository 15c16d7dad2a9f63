"""The wheel holds all that the programs need beside their code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "part",
    [
        "hub/web/static/vendor/",
        "hub/web/templates/overview/overview.html",
        "hub/web/locale/th/LC_MESSAGES/messages.po",
        "hub/store/migrations/versions/",
        "firmware_profiles/lg/rs232.toml",
        "firmware_profiles/enigma2/openwebif.toml",
    ],
)
def test_what_the_programs_read_is_in_the_wheel(names: list[str], part: str) -> None:
    assert any(name.startswith(part) for name in names)


@pytest.mark.parametrize("part", ["tests/", "tools/", "var/", "docs/"])
def test_what_is_the_workshops_is_not(names: list[str], part: str) -> None:
    assert not any(name.startswith(part) for name in names)
