"""Which files of which package the pages and the documents need. Decides nothing about how the packages are fetched."""

import shutil
from collections.abc import Mapping
from pathlib import Path

_SARABUN = tuple(
    f"files/sarabun-{subset}-{weight}-normal.woff2" for subset in ("thai", "latin") for weight in (400, 600, 700)
)
Wanted = Mapping[str, tuple[str, tuple[str, ...]]]
"""{folder: (npm package, its files)}. A licence stands beside what it covers."""

PAGES: Wanted = {
    "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    "uplot": ("uplot", ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")),
    "leaflet": ("leaflet", ("dist/leaflet.js", "dist/leaflet.css", "LICENSE")),
    "supercluster": ("supercluster", ("dist/supercluster.min.js", "LICENSE")),
    # Inside of supercluster.min.js.
    "kdbush": ("kdbush", ("LICENSE",)),
    # The outline of Thailand is made of it: outline.py.
    "boundaries": ("world-atlas", ("LICENSE",)),
    "sarabun": ("@fontsource/sarabun", (*_SARABUN, "LICENSE")),
}
"""Under hub/web/static/vendor."""
DOCUMENTS: Wanted = {
    "sarabun": (
        "@expo-google-fonts/sarabun",
        (
            "400Regular/Sarabun_400Regular.ttf",
            "400Regular_Italic/Sarabun_400Regular_Italic.ttf",
            "700Bold/Sarabun_700Bold.ttf",
            "700Bold_Italic/Sarabun_700Bold_Italic.ttf",
            "LICENSE_FONT",
        ),
    ),
}
"""Under hub/documents/fonts: whole fonts, as typst needs them. Browsers get smaller ones, split by script."""


class MissingFile(Exception):
    """A package does not hold a file that the pages need; the text names it."""


def copy_wanted(node_modules: Path, vendor: Path, wanted: Wanted) -> int:
    """Replace `vendor` by the wanted files, all or nothing; returns how many there are. Raises MissingFile."""
    fresh = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    copied = 0
    for folder, (package, names) in wanted.items():
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
