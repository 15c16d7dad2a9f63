"""`python -m provisioning.assets`: fetch the assets of the pages and the fonts of the documents, and put them in place.

The outline of the country is made before anything is put in place: without it nothing changes.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from provisioning.assets.errors import AssetsError
from provisioning.assets.npm import fetch, npm_command
from provisioning.assets.outline import NoSuchCountry, write_outline
from provisioning.assets.vendoring import DOCUMENTS, PAGES, MissingFile, copy_wanted

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_VENDOR = _ROOT / "hub" / "web" / "static" / "vendor"
_PLACES = {_VENDOR: PAGES, _ROOT / "hub" / "documents" / "fonts": DOCUMENTS}
_COUNTRIES, _OUTLINE = Path("world-atlas") / "countries-10m.json", "thailand.json"


def main() -> int:
    """Zero when the assets are in place; otherwise one line on standard error."""
    try:
        copied = _fetch_and_copy()
    except (AssetsError, MissingFile, NoSuchCountry) as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"assets: {copied} files in {' and '.join(str(place.relative_to(_ROOT)) for place in _PLACES)}")
    return 0


def _fetch_and_copy() -> int:
    npm = npm_command(_ROOT / "locks" / "node.lock")
    with tempfile.TemporaryDirectory(prefix="dltv-assets-") as work:
        project = Path(work)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(_HERE / name, project / name)
        fetch(npm, project)
        packages = project / "node_modules"
        write_outline(packages / _COUNTRIES, project / _OUTLINE)
        copied = sum(copy_wanted(packages, place, wanted) for place, wanted in _PLACES.items())
        shutil.copyfile(project / _OUTLINE, _VENDOR / "boundaries" / _OUTLINE)
        return copied + 1


if __name__ == "__main__":
    sys.exit(main())
