"""Packages of Debian for 32-bit Raspberry Pis (armhf), unpacked but not installed. Needs Debian's apt, but not root."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from hub.bundles.call import call

MIRROR = "http://deb.debian.org/debian"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FOLDERS = ("etc/preferences.d", "state/lists/partial", "cache/archives/partial", "debs", "root")


def fetch_root(suite: str, packages: Sequence[str], folder: Path) -> Path:
    """What these packages hold, as apt has verified it, without what they need. Raises BundleMistake."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    (folder / "state" / "status").touch()
    source = f"deb [arch=armhf signed-by={KEYRING}] {MIRROR} {suite} main\n"
    (folder / "etc" / "sources.list").write_text(source, "ascii")
    call(_apt(folder, "update"), f"Debian's list of {suite}")
    call(_apt(folder, "download", *packages), f"Debian's packages of {suite}", folder / "debs")
    root = folder / "root"
    for package in sorted((folder / "debs").glob("*.deb")):
        call(["dpkg-deb", "-x", package, root], package.name)
    if not (root / "lib").exists():
        (root / "lib").symlink_to("usr/lib")
    return root


def _apt(folder: Path, *arguments: str) -> list[str]:
    options = {
        "Dir::Etc": folder / "etc",
        "Dir::State": folder / "state",
        "Dir::State::status": folder / "state" / "status",
        "Dir::Cache": folder / "cache",
        "APT::Architecture": "armhf",
        "APT::Architectures": "armhf",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return [
        "apt-get",
        "-qq",
        *(word for name, value in options.items() for word in ("-o", f"{name}={value}")),
        *arguments,
    ]
