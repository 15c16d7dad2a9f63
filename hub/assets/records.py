"""What could be read of a list of assets, and what can be wrong with a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.assets.fields import MISTAKES as FIELD_MISTAKES

MISTAKES = (
    *FIELD_MISTAKES,
    *("missing-column", "missing", "repeated", "no-such-id", "no-such-school", "device-without-school"),
    *("number-taken", "device-taken", "ambiguous"),
)
"""What makes a row one that cannot be taken over; msgids with `asset_flaw.` before them."""


@dataclass(frozen=True, slots=True)
class RowMistake:
    """row    number as the office sees it, 0 for the file as a whole
    field   name of a column, or empty
    code    one of MISTAKES, or of rules.DOUBTS
    value   what stands there, shortened
    """

    row: int
    field: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ListedAsset:
    """A row. id  the hub's own, 0 where none is given; given  attributes of an asset that the row says something of"""

    row: int
    id: int
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AssetList:
    """With mistakes nothing of it is taken over. ignored  headings that mean nothing to us"""

    assets: tuple[ListedAsset, ...] = ()
    mistakes: tuple[RowMistake, ...] = ()
    ignored: tuple[str, ...] = ()
