"""What the readings say of a repair."""

import pytest

from hub.repairs.verifying import Signs, Verdict, Verified, verified


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        (None, Verified(Verdict.UNWATCHED)),
        (Signs(1000, (), heard=True), Verified(Verdict.WELL, 1000)),
        (Signs(1000, (), heard=False), Verified(Verdict.WELL, 1000)),
        (Signs(None, ("silent",), heard=True), Verified(Verdict.NOT_YET, None, ("silent",))),
        (Signs(None, ("silent",), heard=False), Verified(Verdict.SILENT, None, ("silent",))),
    ],
)
def test_it_is_well_not_yet_or_nobody_can_tell(signs: Signs | None, found: Verified) -> None:
    assert verified(signs) == found
