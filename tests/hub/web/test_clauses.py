"""Clauses that are said only where they hold."""

import pytest

from hub.web.clauses import is_condition, parameter_of, told
from wire.metrics import Value

WORDS = (
    "Fell[ by %(drop_db)s][%(storm)s, in a storm][%(none_drop_db)s to nothing]"
    "[%(no_fading)s%(many_neighbours)s; %(neighbours)s are well][%(one_neighbours)s; one is near]."
)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"drop_db": 4.6, "storm": True}, "Fell by %(drop_db)s, in a storm."),
        ({"drop_db": 4.6, "storm": False}, "Fell by %(drop_db)s."),
        ({"drop_db": None}, "Fell to nothing."),
        ({"drop_db": 2.0, "neighbours": 3, "fading": 0}, "Fell by %(drop_db)s; %(neighbours)s are well."),
        ({"drop_db": 2.0, "neighbours": 3, "fading": 2}, "Fell by %(drop_db)s."),
        ({"drop_db": 2.0, "neighbours": 1, "fading": 0}, "Fell by %(drop_db)s; one is near."),
        ({}, "Fell to nothing."),
    ],
)
def test_what_does_not_hold_is_not_said(params: dict[str, Value], said: str) -> None:
    assert told(WORDS, params) == said


def test_words_without_clauses_stay_as_they_are() -> None:
    assert told("100%% of %(value)s", {}) == "100%% of %(value)s"


def test_a_condition_asks_about_a_parameter() -> None:
    assert [parameter_of(name) for name in ("none_drop_db", "many_receivers", "drop_db")] == [
        "drop_db",
        "receivers",
        "drop_db",
    ]
    assert [is_condition(name) for name in ("no_fading", "one_receivers", "count")] == [True, True, False]
