"""Amounts of money: whole satang inside, baht at the edges."""

from decimal import Decimal, InvalidOperation

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


def baht_of(satang: int) -> Decimal:
    """With two decimals: 19000.50"""
    return (Decimal(satang) / SATANG_A_BAHT).quantize(Decimal("0.01"))
