import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from hub.bundles.build import Workshop
from hub.bundles.index import Index
from hub.bundles.lock import Pin
from hub.bundles.platforms import PLATFORMS
from hub.bundles.wheel import Wheel

NEEDS = ("alpha; extra == 'agent'", "beta; extra == 'provisioning'")


@pytest.fixture
def workshop(tmp_path: Path, make_wheel: Callable[..., Wheel]) -> Workshop:
    """Of packages that lie on a shelf already."""
    built = tmp_path / "built"
    built.mkdir()
    wheels = [
        make_wheel("alpha", "1.0", tag=f"{python}-{python}-win_amd64", folder=built)
        for python in ("cp311", "cp312", "cp313")
    ]
    wheels += [make_wheel(name, "1.0", folder=built) for name in ("beta", "pip")]
    pins = {each.name: Pin(each.name, Version("1.0"), frozenset()) for each in wheels}
    return Workshop(pins, Index(tmp_path / "cache", built), make_wheel("own", "3.2", *NEEDS))


@pytest.fixture
def bundle(workshop: Workshop, tmp_path: Path) -> zipfile.ZipFile:
    (tmp_path / "bundle.zip").write_bytes(workshop.pack(PLATFORMS["win_amd64"]))
    return zipfile.ZipFile(tmp_path / "bundle.zip")


def test_a_bundle_says_what_it_is(bundle: zipfile.ZipFile) -> None:
    release = json.loads(bundle.read("release.json"))
    assert (release["format"], release["version"], release["platform"]) == (1, "3.2", "win_amd64")
    assert release["pythons"] == ["cp311", "cp312", "cp313"]
    assert release["pip"] == "pip-1.0-py3-none-any.whl"


def test_each_program_has_what_it_needs_for_every_python(bundle: zipfile.ZipFile) -> None:
    release = json.loads(bundle.read("release.json"))
    assert [name.partition("-win")[0] for name in release["agent"]] == [
        "alpha-1.0-cp311-cp311", "alpha-1.0-cp312-cp312", "alpha-1.0-cp313-cp313", "own-3.2-py3-none-any.whl",
    ]  # fmt: skip
    assert release["provisioner"] == ["beta-1.0-py3-none-any.whl", "own-3.2-py3-none-any.whl"]


def test_every_file_is_named_with_its_hash(bundle: zipfile.ZipFile) -> None:
    told = json.loads(bundle.read("release.json"))["files"]
    assert set(told) == set(bundle.namelist()) - {"release.json"}
    for name, mark in told.items():
        data = bundle.read(name)
        assert mark == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def test_pip_is_told_every_wheel_by_its_hash(bundle: zipfile.ZipFile) -> None:
    [alpha, own] = bundle.read("agent.txt").decode().splitlines()
    assert alpha.startswith("alpha==1.0 --hash=sha256:")
    assert alpha.count("--hash") == 3
    assert own.startswith("own==3.2 --hash=sha256:")


def test_the_same_things_make_the_same_bundle(workshop: Workshop) -> None:
    assert workshop.pack(PLATFORMS["win_amd64"]) == workshop.pack(PLATFORMS["win_amd64"])
