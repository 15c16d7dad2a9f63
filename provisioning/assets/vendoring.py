"""Which files of which package the pages need, and where they go. Decides nothing about how the packages are fetched."""

import shutil
from pathlib import Path

_SARABUN = tuple(
    f"files/sarabun-{subset}-{weight}-normal.woff2" for subset in ("thai", "latin") for weight in (400, 600, 700)
)
WANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    "uplot": ("uplot", ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")),
    "sarabun": ("@fontsource/sarabun", (*_SARABUN, "LICENSE")),
}
"""{folder under vendor/: (npm package, its files)}. A licence stands beside what it covers."""


class MissingFile(Exception):
    """A package does not hold a file that the pages need; the text names it."""


def copy_wanted(node_modules: Path, vendor: Path) -> int:
    """Replace `vendor` by the wanted files, all or nothing; returns how many there are. Raises MissingFile."""
    fresh = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    copied = 0
    for folder, (package, names) in WANTED.items():
        (fresh / folder).mkdir(parents=True)
        for name in names:
            _copy(node_modules / package / name, fresh / folder)
            copied += 1
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return copied


def _copy(source: Path, folder: Path) -> None:
    try:
        shutil.copyfile(source, folder / source.name)
    except FileNotFoundError:
        raise MissingFile(f"{source} is not in the package: compare package-lock.json with vendoring.py") from None
