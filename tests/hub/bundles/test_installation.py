import hashlib
import json
from pathlib import Path

import pytest

from hub.bundles.errors import BundleMistake
from hub.bundles.installation import Counter, installation_files, newest


def shelve(shelf: Path, version: str, *platforms: str) -> None:
    (shelf / version).mkdir(parents=True)
    for platform in platforms:
        (shelf / version / f"{platform}.zip").write_bytes(version.encode())
    marks = {platform: {"sha256": hashlib.sha256(version.encode()).hexdigest()} for platform in platforms}
    (shelf / f"{version}.json").write_text(json.dumps({"version": version, "platforms": marks}), "ascii")


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    shelve(tmp_path, "0.9.0", "x86_64")
    shelve(tmp_path, "0.10.0", "x86_64", "armv7l")
    return Counter(tmp_path, "https://hub.example:8443", "f" * 64, "sha256//AAAA=")


def test_a_bundle_for_linux_has_what_puts_it_in_place() -> None:
    assert {"linux/setup.sh", "linux/dltv-agent.service", "linux/dltv-provision.timer"} <= set(
        installation_files("linux")
    )


def test_the_installer_is_not_in_the_bundle_that_it_fetches() -> None:
    assert not any("install." in name for system in ("linux", "windows") for name in installation_files(system))


def test_the_newest_is_offered_by_its_number_not_by_its_letters(tmp_path: Path, counter: Counter) -> None:
    offered = newest(tmp_path)
    assert offered is not None
    assert offered.version == "0.10.0"


def test_the_installer_knows_its_hub_and_every_checksum(counter: Counter) -> None:
    text = counter.installer("install.sh").decode()
    assert "HUB='https://hub.example:8443'" in text
    assert f"ROOT_PIN='{'f' * 64}'" in text
    assert f"\narmv7l {hashlib.sha256(b'0.10.0').hexdigest()}\nx86_64 " in text
    assert "@" not in text.replace("$@", "")


def test_the_checksum_of_the_installer_is_that_of_the_installer(counter: Counter) -> None:
    script = counter.take("install.sh")
    assert isinstance(script, bytes)
    assert counter.take("install.sh.sha256") == f"{hashlib.sha256(script).hexdigest()}  install.sh\n".encode()


def test_a_bundle_is_handed_out(tmp_path: Path, counter: Counter) -> None:
    assert counter.take("bundle/0.9.0/x86_64.zip") == tmp_path / "0.9.0" / "x86_64.zip"


@pytest.mark.parametrize(
    "path",
    [
        "", "bundle/0.9.0/armv7l.zip", "bundle/../x86_64.zip", "bundle/0.9.0/../0.10.0/x86_64.zip", "bundle/0.9.0.json",
        "bundle//x86_64.zip", "bundle/0.9.0/x86_64", "install", "0.9.0.json", "bundle/\0/x86_64.zip",
    ],
)  # fmt: skip
def test_nothing_else_is_handed_out(counter: Counter, path: str) -> None:
    assert counter.take(path) is None


def test_without_a_bundle_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleMistake, match=r"there is no bundle in .*; make one by `dltv-hub bundle build`"):
        Counter(tmp_path, "https://hub.example", "f" * 64, "sha256//A").take("install.sh")


def test_a_shelf_with_something_else_on_it_is_fine(tmp_path: Path, counter: Counter) -> None:
    (tmp_path / "notes.json").write_text("[]", "ascii")
    (tmp_path / "zzz.json").write_text('{"version": "new"}', "ascii")
    offered = newest(tmp_path)
    assert offered is not None
    assert offered.version == "0.10.0"
