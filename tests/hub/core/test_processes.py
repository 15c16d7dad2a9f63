"""Whether a process of its own judges."""

import pytest

from hub.core.processes import JudgingSettings


@pytest.mark.parametrize(
    ("apart", "cores", "told"), [(None, 1, False), (None, 2, True), (True, 1, True), (False, 8, False)]
)
def test_it_does_where_it_is_said_or_else_where_there_is_a_core_for_it(
    apart: bool | None, cores: int, told: bool
) -> None:
    assert JudgingSettings(apart=apart).is_apart(cores) is told
