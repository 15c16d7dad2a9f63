"""Amounts on papers."""

from decimal import Decimal

import pytest

from hub.office.papering.rows import amount


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), (12.5, Decimal("12.50")), (3, Decimal("3.00")), (1e308, Decimal("1000000000.00"))],
)
def test_an_amount_is_baht_and_never_beyond_what_there_can_be(value: object, expected: Decimal | None) -> None:
    assert amount(value) == expected
