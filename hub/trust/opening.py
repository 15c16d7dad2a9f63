"""The authority of a hub as its database knows it: once computers were let in, it is never made anew."""

from pathlib import Path

from hub.pki.authority import Authority
from hub.store.admissions import admissions_mark
from hub.store.unit_of_work import Store

_NOBODY = (0, 0)


def open_authority(directory: Path, store: Store, now: int) -> Authority:
    """Raises PkiUnusable where it is lost."""
    with store.reading() as connection:
        return Authority(directory, now, make=admissions_mark(connection) == _NOBODY)
