"""Adds to a settings file: what stands there stays as it is, byte by byte, and the new file is there whole or not at all."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from agent.errors import OperatorError

NEW_FILE_MODE = 0o640
_POSIX = os.name == "posix"
"""Elsewhere rights come from the folder, and folders cannot be synchronised."""


def append(file: Path, text: str, check: Callable[[Path], None]) -> None:
    """Raises OperatorError. `check` looks at the new file before it takes the old one's place, and raises to keep that."""
    target = file.resolve()
    try:
        before = target.read_bytes() if target.exists() else b""
        draft = _written(target, _joined(before, text))
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        check(draft)
        draft.replace(target)
        _keep_directory(target.parent)
    except OSError as error:
        raise _unwritable(file, error) from None
    finally:
        draft.unlink(missing_ok=True)


def _joined(before: bytes, text: str) -> bytes:
    gap = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    ends = b"\r\n" if b"\r\n" in before else b"\n"
    return before + (gap + text.encode()).replace(b"\n", ends)


def _written(target: Path, content: bytes) -> Path:
    """Beside the target, with its rights and owner, and on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _take_rights(target, handle)
            file.write(content)
            file.flush()
            os.fsync(handle)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _take_rights(target: Path, handle: int) -> None:
    if not _POSIX:
        return
    if not target.exists():
        os.fchmod(handle, NEW_FILE_MODE)
        return
    old = target.stat()
    os.fchmod(handle, stat.S_IMODE(old.st_mode))
    if old.st_uid != os.geteuid() or old.st_gid != os.getegid():
        os.fchown(handle, old.st_uid, old.st_gid)


def _keep_directory(folder: Path) -> None:
    if not _POSIX:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(file: Path, error: OSError) -> OperatorError:
    return OperatorError(f"{file}: cannot be written ({error.strerror}); nothing was changed; run as a user who may")
