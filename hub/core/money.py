"""Amounts of money: whole satang inside, baht at the edges."""

from decimal import Decimal, InvalidOperation
from math import isnan

SATANG_A_BAHT = 100
MOST_SATANG = 100_000_000_000
"""A thousand million baht: more than any district has."""


def satang_of(baht: str) -> int | None:
    """What people write: 19,000 or 19000.50, in Thai digits as well. None: it is no amount, or has parts of a satang."""
    try:
        amount = Decimal(baht.replace(",", "").strip()) * SATANG_A_BAHT
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_SATANG or amount != amount.to_integral_value():
        return None
    return int(amount)


def satang_from(baht: object) -> int | None:
    """Of a number that a request holds. None: it holds none; what is beyond all sense is the most that there can be."""
    if isinstance(baht, bool) or not isinstance(baht, int | float) or (isinstance(baht, float) and isnan(baht)):
        return None
    return round(min(max(baht, 0), MOST_SATANG / SATANG_A_BAHT) * SATANG_A_BAHT)


def baht_of(satang: int) -> Decimal:
    """With two decimals: 19000.50"""
    return (Decimal(satang) / SATANG_A_BAHT).quantize(Decimal("0.01"))
