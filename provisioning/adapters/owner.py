"""Root among files that are somebody else's: there it acts as that one, and so cannot be led where that one may not go.

The agent owns its state folder, and is what strangers on the network speak to. Whoever has taken it over could put links there,
at any moment, for root to write, delete or give away something else by.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def is_within(folder: Path, path: Path) -> bool:
    """Whether it stands below, by its name."""
    place = Path(os.path.normpath(path))
    return any(place != each and place.is_relative_to(each) for each in (folder, folder.resolve()))


@contextmanager
def as_owner(folder: Path | None, path: Path) -> Iterator[None]:
    """As the owner of `folder`, where `path` is in it and we are root."""
    if (
        sys.platform == "win32"
        or os.geteuid() != 0
        or folder is None
        or not (is_within(folder, path) and folder.exists())
    ):
        yield
        return
    owner = folder.stat()
    if owner.st_uid == 0:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
