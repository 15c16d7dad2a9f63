"""Sees to it that the real services of the tests are there.

Mosquitto, a browser, NUT's server, Request Tracker and readers of QR codes and PDFs come from Debian, the Sparkplug clients that
are not ours from npm. What is missing is installed where that can be done without asking (root, or sudo without a password);
otherwise one line says what to type. NUT comes with MODE=none, Request Tracker as files: installing them starts nothing, and the
tests start their own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from provisioning.assets.errors import AssetsError
from provisioning.assets.npm import fetch, npm_command

ROOT = Path(__file__).parents[1]
THIRD_PARTY = ROOT / "tests" / "thirdparty"
PACKAGES = {
    "mosquitto": "mosquitto",
    "upsd": "nut-server",
    "victoria-metrics": "victoria-metrics",
    "zbarimg": "zbar-tools",
    "pdftotext": "poppler-utils",
    # Installing on clean machines, and for 32-bit Raspberry Pis.
    "debootstrap": "debootstrap",
    "ip": "iproute2",
    "systemd-nspawn": "systemd-container",
    "curl": "curl",
    "openssl": "openssl",
    "dpkg-deb": "dpkg",
    "arm-linux-gnueabihf-gcc": "gcc-arm-linux-gnueabihf",
    "qemu-arm-static": "qemu-user-static",
    "shellcheck": "shellcheck",
    "rt-setup-database-5": "request-tracker5 rt5-db-sqlite rt5-standalone",
    "mcs": "mono-mcs libmono-system-serviceprocess4.0-cil",
    "lintian": "lintian",
    "systemd-analyze": "systemd",
    "postgres": "postgresql",
    # Chaos: clocks that jump, lines that lose.
    "faketime": "faketime",
    "nft": "nftables",
}
BROWSERS = ("chromium-headless-shell", "chromium")
"""Programs, and packages that Debian builds from one source, chromium: any will do. The first opens no windows, at which nobody
looks, and takes a third less of the processor."""
_SYSTEM_PATH = "/usr/sbin:/usr/local/sbin:/sbin"
_POSTGRESQL = Path("/usr/lib/postgresql")
"""Debian keeps the server beside the paths on which programs are looked for, a folder for each version."""


def main() -> int:
    missing = [name for program, packages in PACKAGES.items() if not _find(program) for name in packages.split()]
    if missing and not _apt_install(missing):
        print(f"The tests need {' and '.join(missing)}: sudo apt-get install -y {' '.join(missing)}", file=sys.stderr)
        return 1
    if not any(map(_find, BROWSERS)) and not any(_apt_install([each]) for each in BROWSERS):
        print(f"The tests need a browser: sudo apt-get install -y {BROWSERS[-1]}", file=sys.stderr)
        return 1
    return 0 if _third_party_clients() else 1


def browser_path() -> str:
    """The browser that tests and pictures are made with."""
    return next(filter(None, map(_find, BROWSERS)), BROWSERS[-1])


def _find(program: str) -> str | None:
    servers = ":".join(map(str, _POSTGRESQL.glob("*/bin")))
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:{_SYSTEM_PATH}:{servers}")


def _apt_install(packages: list[str]) -> bool:
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    asroot = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = [
        [*asroot, apt, "update", "-qq"],
        [*asroot, apt, "install", "-y", "-qq", "--no-install-recommends", *packages],
    ]
    print(f"Installing {' and '.join(packages)} for the tests …", flush=True)
    return all(subprocess.run(command, env=environment, check=False).returncode == 0 for command in commands)


def _third_party_clients() -> bool:
    lock, stamp = THIRD_PARTY / "package-lock.json", THIRD_PARTY / "node_modules" / ".stamp"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return True
    try:
        fetch(npm_command(ROOT / "locks" / "node.lock"), THIRD_PARTY)
    except AssetsError as error:
        print(error, file=sys.stderr)
        return False
    stamp.touch()
    return True


if __name__ == "__main__":
    sys.exit(main())
