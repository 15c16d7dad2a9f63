"""Where free pieces lie: those of one office are nothing that another district can plan with."""

from collections.abc import Mapping

Keepers = Mapping[str, str]
"""The office that keeps the stock of a district; of one that is not named, the only office that there is."""
Shelf = tuple[str, str]
"""An office and a kind; the only office is called by nothing."""


def shelf_of(group: str, kind: str, keepers: Keepers) -> Shelf:
    return keepers.get(group, ""), kind
