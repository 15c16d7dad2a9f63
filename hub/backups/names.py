"""How backups are called, and which of them may go. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_NAME = re.compile(r"dltv-hub-(\d{8}T\d{6}Z)\.tar\.gz")
_FORMAT = "%Y%m%dT%H%M%SZ"
DAY_MS = 86_400_000
KEPT_AT_LEAST = 3
"""Whatever their age: a hub whose backups fail keeps the last ones that did not."""


def name_at(now: int) -> str:
    return f"dltv-hub-{datetime.fromtimestamp(now // 1000, UTC).strftime(_FORMAT)}.tar.gz"


def made_at(name: str) -> int | None:
    """When a backup was made; None for a file that is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return int(datetime.strptime(found[1], _FORMAT).replace(tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return None


def newest(names: Iterable[str]) -> tuple[str, int] | None:
    dated = [(at, name) for name in names if (at := made_at(name)) is not None]
    return (max(dated)[1], max(dated)[0]) if dated else None


def outdated(names: Iterable[str], keep_days: float, now: int) -> list[str]:
    """Those that may go."""
    dated = sorted(((at, name) for name in names if (at := made_at(name)) is not None), reverse=True)
    return [name for at, name in dated[KEPT_AT_LEAST:] if now - at > keep_days * DAY_MS]
