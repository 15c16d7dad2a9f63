"""`dltv-hub release`, `config` and `profiles`, as they are typed."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.store.audit import entries
from hub.store.opening import open_store
from tests.stores import database

ROOT = Path(__file__).parents[3]
Hub = Callable[..., int]


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    settings = tmp_path / "hub.toml"
    settings.write_text(f'groups = ["cpm3"]\ndata_dir = "{tmp_path}/data"\n')
    return lambda *words: main([*map(str, words), "--config", str(settings)])


@pytest.fixture
def begun(hub: Hub, tmp_path: Path) -> Hub:
    assert hub("release", "keys", "--dir", tmp_path / "stick") == 0
    return hub


@pytest.fixture
def bundle(tmp_path: Path) -> Callable[..., Path]:
    def make(version: str = "1.2.0", platform: str = "aarch64", **more: object) -> Path:
        path = tmp_path / f"{platform}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "release.json", json.dumps({"format": 1, "version": version, "platform": platform, **more})
            )
        return path

    return make


def test_a_bundle_is_added_and_listed(
    begun: Hub, bundle: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begun("release", "add", bundle(), "--keys", tmp_path / "stick") == 0
    assert begun("release", "add", bundle(platform="x86_64"), "--keys", tmp_path / "stick") == 0
    assert begun("release", "list") == 0
    said = capsys.readouterr().out
    assert "release 1.2.0: aarch64 0.0 MB, x86_64 0.0 MB" in said
    assert "timestamp: signed until" in said


@pytest.mark.parametrize("document", [{"version": "../1"}, {"platform": "../x"}, {"format": 9}])
def test_what_is_no_bundle_is_refused_in_one_line(
    begun: Hub,
    bundle: Callable[..., Path],
    tmp_path: Path,
    document: dict[str, object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("release.json", json.dumps({"format": 1, "version": "1", "platform": "x", **document}))
    capsys.readouterr()
    assert begun("release", "add", path, "--keys", tmp_path / "stick") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_without_a_repository_the_way_out_is_named(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub("release", "refresh") == 2
    assert "dltv-hub release keys --dir DIR" in capsys.readouterr().err


def test_a_configuration_is_checked_signed_and_written_down(
    begun: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "/dev/ttyUSB0"\n')
    assert begun("config", "publish", "36010001", file, "--version", "c1") == 0
    begun("release", "list")
    assert "config/cpm3/36010001/c1.toml" in capsys.readouterr().out
    store = open_store(database(tmp_path / "data/hub.db"))
    deeds = [each.what for each in entries(store)]
    store.close()
    assert deeds == ["config.published", "release.begun"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[device", "no TOML"),
        ("[uplnk]", 'did you mean "uplink"'),
        ('node = "9"', "published for cpm3/36010001"),
        ('[[device]]\nkey = "P1 TV"', "write <room>-<kind>"),
        ('[[device]]\nkey = "p1-tv"\nprofile = "lg/rs323"\naddress = "x"', "no profile"),
        ('[[device]]\nkey = "a"\nprofile = "lg/rs232"\naddress = "x"\n' * 2, "stands there twice"),
        ("# " + "x" * 20_000, "a device takes"),
    ],
)
def test_a_configuration_with_a_mistake_is_refused(
    begun: Hub, tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(text)
    assert begun("config", "publish", "36010001", file) == 2
    assert said in capsys.readouterr().err


def test_of_a_nodes_configurations_the_last_few_stay(
    begun: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agent.toml"
    for n in range(5):
        file.write_text(f"# {n}\n")
        assert begun("config", "publish", "36010001", file, "--version", f"c{n}") == 0
    capsys.readouterr()
    begun("release", "list")
    names = [line for line in capsys.readouterr().out.splitlines() if line.startswith("config/")]
    assert len(names) == 3
    assert names[-1] == "config/cpm3/36010001/c4.toml"


def test_published_profiles_may_be_named_by_configurations(begun: Hub, tmp_path: Path) -> None:
    folder, file = tmp_path / "set", tmp_path / "agent.toml"
    (folder / "lg").mkdir(parents=True)
    good = (ROOT / "firmware_profiles/lg/rs232.toml").read_text("utf-8")
    (folder / "lg" / "new.toml").write_text(good.replace('id = "lg/rs232"', 'id = "lg/new"'), "utf-8")
    file.write_text('[[device]]\nkey = "p1-tv"\nprofile = "lg/new"\naddress = "/dev/ttyUSB0"\n')
    assert begun("config", "publish", "36010001", file) == 2
    assert begun("profiles", "publish", folder, "--version", "2026-05-01") == 0
    assert begun("config", "publish", "36010001", file) == 0


def test_profiles_with_a_mistake_are_refused(begun: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set" / "lg").mkdir(parents=True)
    (tmp_path / "set" / "lg" / "new.toml").write_text("id = 7")
    assert begun("profiles", "publish", tmp_path / "set", "--version", "1") == 2
    assert "new.toml" in capsys.readouterr().err


def test_profiles_that_start_a_program_are_refused(
    begun: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hub's own key signs them: it must not be enough to run something on every school's computer."""
    packaged = (ROOT / "firmware_profiles/linux/dvb-fe-tool.toml").read_text("utf-8")
    (tmp_path / "set" / "linux").mkdir(parents=True)
    file = tmp_path / "set" / "linux" / "dvb-fe-tool.toml"
    file.write_text(packaged.replace('run = ["dvb-fe-tool"]', 'run = ["sh"]'), "utf-8")
    assert begun("profiles", "publish", tmp_path / "set", "--version", "1") == 2
    assert "bring it by a release" in capsys.readouterr().err
    file.write_text(packaged, "utf-8")
    assert begun("profiles", "publish", tmp_path / "set", "--version", "1") == 0
