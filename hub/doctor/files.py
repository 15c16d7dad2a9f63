"""Files that are there, and that nobody else may read."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from hub.config import HubSettings
from hub.doctor.findings import Finding, bad, doubtful, good
from hub.releases.keys import PREFIX

_LITTLE, _TOO_LITTLE = 0.10, 0.03


def settings_file(config: Path | None) -> Iterator[Finding]:
    """It may hold passwords."""
    if config is None:
        yield doubtful("settings", "no file is named", "name it with --config, or the hub's own are not examined")
    elif stat.S_IMODE(config.stat().st_mode) & 0o007:
        yield bad("settings", f"{config} can be read by everybody", f"chmod o= {config}")
    else:
        yield good("settings", f"{config} is read by those only who have to")


def data_directory(settings: HubSettings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield bad("data directory", f"there is no {folder}", "name the hub's own with --config or --data-dir")
        return
    owner = folder.stat().st_uid
    if os.geteuid() not in (0, owner):
        yield doubtful("data directory", f"{folder} is another user's", "run the doctor as that user, or as root")
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield bad("data directory", f"{folder} can be looked into by everybody", f"chmod o= {folder}")
    else:
        yield good("data directory", f"{folder} is shown to nobody else")
    yield from _secrets(folder / "pki")


def _secrets(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield doubtful(
            "authority", "there is none yet", "it is made when the hub starts with TLS, or with the first school"
        )
        return
    keys = [path for path in folder.iterdir() if path.suffix in (".key", ".secret") or path.name.startswith(PREFIX)]
    shown = [path for path in (folder, *keys) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if shown:
        yield bad(
            "authority",
            f"{shown[0]} can be read by others",
            f"chmod -R go= {folder}; if somebody did, rotate the authority",
        )
    else:
        yield good("authority", f"{len(keys)} keys, shown to nobody else")


def room(settings: HubSettings) -> Iterator[Finding]:
    folders = {"data directory": settings.data_dir, "backups": settings.backup.directory}
    for about, folder in folders.items():
        if folder is None or not folder.is_dir():
            continue
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total
        told = f"{usage.free / 1e9:.1f} GB free on the disk of {folder} ({free:.0%})"
        way_out = "give it a larger disk, or remove what is not the hub's; reports of 35 days take most"
        if free < _TOO_LITTLE:
            yield bad(f"room for {about}", told, way_out)
        elif free < _LITTLE:
            yield doubtful(f"room for {about}", told, way_out)
        else:
            yield good(f"room for {about}", told)
