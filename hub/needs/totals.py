"""Needs counted: by district, kind, what is to be done and fiscal year, with what new ones would cost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hub.core.needs import URGENCY, Advice, Need


@dataclass(frozen=True, slots=True)
class Total:
    """price_satang  of those that have a price; unpriced: how many have none"""

    group: str
    kind: str
    advice: Advice
    fiscal_year: int
    count: int
    price_satang: int
    unpriced: int


def totals(needs: Iterable[Need]) -> tuple[Total, ...]:
    """In the order of year, district, urgency and kind. Only what is replaced costs a new one."""
    gathered: defaultdict[tuple[int, str, Advice, str], list[int | None]] = defaultdict(list)
    for need in needs:
        price = need.price_satang if need.advice is not Advice.REPAIR else 0
        gathered[need.fiscal_year, need.group, need.advice, need.kind].append(price)
    ordered = sorted(gathered.items(), key=lambda each: (each[0][0], each[0][1], URGENCY[each[0][2]], each[0][3]))
    return tuple(
        Total(
            group=group,
            kind=kind,
            advice=advice,
            fiscal_year=year,
            count=len(prices),
            price_satang=sum(price or 0 for price in prices),
            unpriced=sum(price is None for price in prices),
        )
        for (year, group, advice, kind), prices in ordered
    )
