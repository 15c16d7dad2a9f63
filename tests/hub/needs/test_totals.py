"""Needs counted."""

from hub.core.needs import Advice, Need
from hub.needs.totals import Total, totals


def need(key: str, advice: Advice, price: int | None = None, kind: str = "tv", year: int = 2570) -> Need:
    return Need(key, "cpm3", "30010012", kind, advice, 0, (), year, price_satang=price)


def test_needs_are_counted_by_year_district_advice_and_kind() -> None:
    found = totals(
        [
            need("a", Advice.WATCH, 100, year=2571),
            need("b", Advice.REPLACE, 2_400_000),
            need("c", Advice.REPLACE, None),
            need("d", Advice.REPAIR, 2_400_000),
        ]
    )
    assert found == (
        Total("cpm3", "tv", Advice.REPLACE, 2570, 2, 2_400_000, 1),
        Total("cpm3", "tv", Advice.REPAIR, 2570, 1, 0, 0),
        Total("cpm3", "tv", Advice.WATCH, 2571, 1, 100, 0),
    )
