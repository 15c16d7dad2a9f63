"""What belongs into a hub's backup, and where it goes when it is put back.

database.…          one state of the database
data/pki/…          the authority: without it every school would have to be enrolled anew
data/repository/…   the signed releases
hub.toml            the settings, beside the hub that it is put back into: paths may be others there
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hub.backups.archive import Manifest, digest, unpack, write
from hub.backups.errors import BackupMistake
from hub.backups.names import name_at, outdated
from hub.config import HubSettings
from hub.store.directory import DataDirectory
from hub.store.migrations import HEAD
from hub.store.opening import open_store
from hub.store.snapshots import POSTGRESQL, SQLITE, put_back, snapshot, sqlite_file

_KEPT = ("pki", "repository")
_SETTINGS = "hub.toml"
_NOT_KEPT = (".", "hub.db", "hub.lock")


def make_backup(settings: HubSettings, config: Path | None, folder: Path, now: int) -> Path:
    """Beside a hub that runs. Raises StoreError and BackupMistake."""
    target = folder / name_at(now)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _work_in(folder) as work:
            snapshot(settings.store_url, work)
            _gather(settings, config, work)
            files = {str(path.relative_to(work)): digest(path) for path in sorted(work.rglob("*")) if path.is_file()}
            write(target, Manifest(now, _version(), HEAD, files), work)
    except OSError as error:
        raise BackupMistake(
            f"{folder} cannot be written ({error.strerror}); free space, or name another folder"
        ) from None
    return target


def prune(folder: Path, keep_days: float, now: int) -> list[str]:
    """What went."""
    gone = outdated((path.name for path in folder.iterdir()), keep_days, now)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def restore_backup(settings: HubSettings, source: Path, now: int, *, replace: bool) -> Manifest:
    """Into a hub that does not run. What was there is put aside, not lost. Raises StoreError and BackupMistake."""
    directory = DataDirectory(settings.data_dir)
    try:
        with _work_in(settings.data_dir) as work:
            manifest = unpack(source, work)
            _require_room(settings, replace=replace)
            _put_aside(settings, now)
            [database] = [work / name for name in (SQLITE, POSTGRESQL) if name in manifest.files]
            put_back(settings.store_url, database)
            for path in sorted((work / "data").iterdir()) if (work / "data").is_dir() else ():
                path.rename(settings.data_dir / path.name)
            if (work / _SETTINGS).is_file():
                (work / _SETTINGS).replace(settings.data_dir / f"{_SETTINGS}.from-backup")
        # The database of an older release is brought up to date; that of a newer one is refused, with all in place.
        open_store(settings.store_url).close()
    except OSError as error:
        raise BackupMistake(f"{settings.data_dir} cannot be written ({error.strerror})") from None
    finally:
        directory.release()
    return manifest


def _gather(settings: HubSettings, config: Path | None, work: Path) -> None:
    for name in _KEPT:
        if (settings.data_dir / name).is_dir():
            hidden = shutil.ignore_patterns(".*")
            shutil.copytree(settings.data_dir / name, work / "data" / name, ignore=hidden, symlinks=True)
    for path in _own_files(settings.data_dir):
        (work / "data").mkdir(exist_ok=True)
        shutil.copyfile(path, work / "data" / path.name)
    if config is not None:
        shutil.copyfile(config, work / _SETTINGS)


def _own_files(folder: Path) -> list[Path]:
    """Plain files beside the database, such as the secret of feeds."""
    found = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(_NOT_KEPT)]
    return [path for path in found if ".before-" not in path.name and not path.name.endswith(".from-backup")]


def _require_room(settings: HubSettings, *, replace: bool) -> None:
    there = [settings.data_dir / name for name in _KEPT] + [sqlite_file(settings.store_url) or Path("/nonexistent")]
    found = [path for path in there if path.exists()]
    if found and not replace:
        raise BackupMistake(f"{found[0]} is there already; --replace puts what is there aside and goes on")


def _put_aside(settings: HubSettings, now: int) -> None:
    file = sqlite_file(settings.store_url)
    files = [] if file is None else [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    for path in (*files, *(settings.data_dir / name for name in _KEPT), *_own_files(settings.data_dir)):
        if path.exists():
            path.rename(path.with_name(f"{path.name}.before-{now}"))


@contextmanager
def _work_in(folder: Path) -> Iterator[Path]:
    """Where nobody else can look; on the same file system."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as work:
        yield Path(work)


def _version() -> str:
    try:
        return version("dltv-fleet")
    except PackageNotFoundError:
        return "source"
