"""The agent as a Debian package: a bundle, and what dpkg calls to put it in place. Needs no Internet, purges without a trace."""

import gzip
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.bundles.call import call
from hub.bundles.errors import BundleMistake
from hub.bundles.installation import SOURCES

ARCHITECTURES = {"armv7l": "armhf", "aarch64": "arm64", "x86_64": "amd64"}
"""Debian's names of our platforms."""
SCRIPTS = ("postinst", "prerm", "postrm")
_CALL_MAIN = 'main "$@"\n'
_EPOCH = "1580601600"


@dataclass(frozen=True, slots=True)
class Package:
    """hub, pin: whom the enrolling command joins."""

    bundle: Path
    version: str
    platform: str
    hub: str
    pin: str

    @property
    def architecture(self) -> str:
        return ARCHITECTURES[self.platform]

    @property
    def name(self) -> str:
        return f"dltv-agent_{self.version}_{self.architecture}.deb"


def build_deb(package: Package, out: Path) -> Path:
    """Raises BundleMistake."""
    if shutil.which("dpkg-deb") is None:
        raise BundleMistake("dpkg-deb is missing: make packages on Debian or Ubuntu")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _lay_out(package, tree)
        # Of a folder that only root may enter, dpkg-deb would make a package like it.
        tree.chmod(0o755)
        words: list[str | Path] = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, out / package.name]
        call(words, package.name, more={"SOURCE_DATE_EPOCH": _EPOCH})
    return out / package.name


def _lay_out(package: Package, tree: Path) -> None:
    values = {"VERSION": package.version, "ARCHITECTURE": package.architecture, "HUB": package.hub, "PIN": package.pin}
    values["SIZE"] = str(package.bundle.stat().st_size // 1024 + 1)
    document = tree / "usr/share/doc/dltv-agent"
    put = _Putting(values)
    put(tree / "usr/share/dltv-agent/bundle.zip", package.bundle.read_bytes())
    put(tree / "usr/sbin/dltv-agent-enrol", put.source("dltv-agent-enrol"), 0o755)
    put(document / "copyright", put.source("copyright"))
    put(document / "changelog.gz", gzip.compress(_changelog(package).encode(), 9, mtime=0))
    put(tree / "DEBIAN/control", put.source("control"))
    for script in SCRIPTS:
        put(tree / "DEBIAN" / script, maintainer_script(script).encode(), 0o755)


class _Putting:
    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def source(self, name: str) -> bytes:
        text = (SOURCES / "debian" / name).read_text("utf-8")
        for mark, value in self._values.items():
            text = text.replace(f"@{mark}@", value)
        return text.encode()

    def __call__(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path.parent, path.parent.parent):
            folder.chmod(0o755)
        path.write_bytes(data)
        path.chmod(mode)
        os.utime(path, (int(_EPOCH), int(_EPOCH)))


def maintainer_script(name: str) -> str:
    """All of the ordinary installation, called as dpkg calls."""
    setup = (SOURCES / "linux" / "setup.sh").read_text("utf-8")
    if not setup.endswith(_CALL_MAIN):
        raise BundleMistake("provisioning/linux/setup.sh does not end as it should")
    maintain = (SOURCES / "debian" / "maintain.sh").read_text("utf-8")
    return f'{setup.removesuffix(_CALL_MAIN)}{maintain}\nmaintain {name} "$@"\n'


def _changelog(package: Package) -> str:
    return (
        f"dltv-agent ({package.version}) stable; urgency=medium\n\n  * Release {package.version}.\n\n"
        " -- dltv-fleet <maintainers@dltv-fleet.invalid>  Sun, 02 Feb 2020 00:00:00 +0000\n"
    )
