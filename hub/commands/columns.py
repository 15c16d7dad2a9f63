"""How commands tell lists: a line each, in columns; and moments, in the time of the office."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from hub.config import HubSettings


def in_columns(rows: Iterable[Sequence[object]]) -> list[str]:
    """Each column as wide as what stands in it, the last one as it is."""
    texts = [["-" if each in (None, "") else str(each) for each in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts]


def moment(ms: int | None, settings: HubSettings) -> str:
    if ms is None:
        return "-"
    return datetime.fromtimestamp(ms / 1000, settings.zone).strftime("%Y-%m-%d %H:%M:%S")
