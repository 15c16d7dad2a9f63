"""`python -m provisioning.assets`: fetch the web's assets and put them beside the pages."""

import shutil
import sys
import tempfile
from pathlib import Path

from provisioning.assets.errors import AssetsError
from provisioning.assets.npm import fetch, npm_command
from provisioning.assets.vendoring import MissingFile, copy_wanted

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_VENDOR = _ROOT / "hub" / "web" / "static" / "vendor"


def main() -> int:
    """Zero when the assets are in place; otherwise one line on standard error."""
    try:
        copied = _fetch_and_copy(_VENDOR)
    except (AssetsError, MissingFile) as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"assets: {copied} files in {_VENDOR.relative_to(_ROOT)}")
    return 0


def _fetch_and_copy(vendor: Path) -> int:
    npm = npm_command(_ROOT / "locks" / "node.lock")
    with tempfile.TemporaryDirectory(prefix="dltv-assets-") as work:
        project = Path(work)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(_HERE / name, project / name)
        fetch(npm, project)
        return copy_wanted(project / "node_modules", vendor)


if __name__ == "__main__":
    sys.exit(main())
