"""The web's assets: pinned, complete, and one clear line where they cannot be had."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.assets.vendoring import DOCUMENTS, PAGES, MissingFile, copy_wanted

WANTED = (*PAGES.items(), *DOCUMENTS.items())
ROOT = Path(__file__).parents[3]
LOCK = json.loads((ROOT / "provisioning" / "assets" / "package-lock.json").read_text("utf-8"))
PACKAGES = {name.removeprefix("node_modules/"): entry for name, entry in LOCK["packages"].items() if name}


def test_the_lock_file_names_no_registry() -> None:
    assert "://" not in json.dumps(LOCK)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_pinned_by_its_digest(package: str) -> None:
    assert PACKAGES[package]["integrity"].startswith("sha512-")


def test_nothing_is_fetched_that_is_not_used() -> None:
    # Types for a compiler that nobody runs here: supercluster asks for them.
    assert set(PACKAGES) - {"@types/geojson"} == {package for _, (package, _) in WANTED}


@pytest.mark.parametrize(("package", "names"), [each for _, each in WANTED])
def test_a_licence_comes_along(package: str, names: tuple[str, ...]) -> None:
    assert any(name.startswith("LICENSE") for name in names), package


def _packages(folder: Path) -> None:
    for _, (package, names) in WANTED:
        for name in names:
            path = folder / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, "utf-8")


def test_what_the_pages_need_is_copied_and_nothing_old_stays(tmp_path: Path) -> None:
    _packages(tmp_path / "node_modules")
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "left-over.js").write_text("old", "utf-8")
    copied = copy_wanted(tmp_path / "node_modules", vendor, PAGES)
    files = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    assert len(files) == copied
    assert {"htmx/htmx.min.js", "uplot/uPlot.iife.min.js", "sarabun/sarabun-thai-400-normal.woff2"} <= files
    assert "left-over.js" not in files


def test_a_file_that_a_package_lacks_is_named_and_the_old_ones_stay(tmp_path: Path) -> None:
    _packages(tmp_path / "node_modules")
    (tmp_path / "node_modules" / "uplot" / "dist" / "uPlot.min.css").unlink()
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    (vendor / "old.js").write_text("old", "utf-8")
    with pytest.raises(MissingFile, match=r"uPlot\.min\.css"):
        copy_wanted(tmp_path / "node_modules", vendor, PAGES)
    assert (vendor / "old.js").exists()


@pytest.mark.e2e
def test_without_a_network_there_is_one_clear_line(tmp_path: Path) -> None:
    nowhere = {
        "npm_config_registry": "http://127.0.0.1:9",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CACHE_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.assets"],
        cwd=ROOT,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "connect this machine to the network and run `make setup` again" in done.stderr
