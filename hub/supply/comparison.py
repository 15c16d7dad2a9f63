"""Offers against a specification: who meets all of it, and in which order the prices of those stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_OFFERS = 3
"""As many as the form has columns for."""
Cells = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Judged:
    """An offer. number: from 1; meets: all of the requirements; rank: of its price among those that do, from 1"""

    number: int
    meets: bool
    rank: int | None = None


def judge(offers: Sequence[Cells], comparison: Sequence[Cells]) -> tuple[Judged, ...]:
    """In the order of the offers. What has no verdict does not meet."""
    passed = [
        number
        for number in range(1, len(offers) + 1)
        if all(row.get(f"meets{number}") == "yes" for row in comparison) and comparison
    ]
    prices = sorted(_price(offers[number - 1]) for number in passed)
    return tuple(
        Judged(number, number in passed, prices.index(_price(offer)) + 1 if number in passed else None)
        for number, offer in enumerate(offers, 1)
    )


def unjudged(offers: Sequence[Cells], comparison: Sequence[Cells]) -> tuple[tuple[int, int], ...]:
    """Row and offer, each from 1, that have no verdict yet."""
    return tuple(
        (row, number)
        for row, cells in enumerate(comparison, 1)
        for number in range(1, len(offers) + 1)
        if f"meets{number}" not in cells
    )


def _price(offer: Cells) -> Decimal:
    """What was agreed counts, where something was."""
    return Decimal(str(offer.get("agreed", offer["price"])))
