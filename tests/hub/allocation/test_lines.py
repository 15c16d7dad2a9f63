"""A line of a plan, and how far it comes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.allocation.lines import Line, Source, Stage, Work, called, checked, forward
from hub.allocation.refusals import PlanFlaw, PlanRefused

LINE = Line("AL-2570-0001", "cpm3", "30010012", "tv", "TV 55", quantity=3, reason="asked for")


def test_a_line_goes_through_its_stages_in_parts() -> None:
    line = forward(forward(LINE, Stage.RESERVED, 3), Stage.DISPATCHED, 2)
    assert (line.stage, line.is_partly, line.following) == (
        Stage.RESERVED,
        True,
        (Stage.DELIVERED, Stage.DISPATCHED),
    )
    for stage in (Stage.DELIVERED, Stage.INSTALLED, Stage.ACCEPTED):
        line = forward(line, stage, 2)
    assert (line.is_done, line.following) == (False, (Stage.DISPATCHED,))
    for stage in (Stage.DISPATCHED, Stage.DELIVERED, Stage.INSTALLED, Stage.ACCEPTED):
        line = forward(line, stage, 1)
    assert (line.stage, line.is_done, line.is_partly, line.following) == (Stage.ACCEPTED, True, False, ())


def test_a_repair_is_neither_dispatched_nor_delivered() -> None:
    line = forward(replace(LINE, work=Work.REPAIR), Stage.RESERVED, 3)
    assert line.following == (Stage.INSTALLED,)
    with pytest.raises(PlanRefused) as refused:
        forward(line, Stage.DISPATCHED, 1)
    assert refused.value.flaw is PlanFlaw.BAD_VALUE


@pytest.mark.parametrize("pieces", [0, -1, 4])
def test_no_more_pieces_come_than_there_are(pieces: int) -> None:
    with pytest.raises(PlanRefused) as refused:
        forward(LINE, Stage.RESERVED, pieces)
    assert (refused.value.flaw, refused.value.params) == (PlanFlaw.TOO_MANY, {"most": 3})


@pytest.mark.parametrize(
    ("changes", "flaw", "field"),
    [
        ({"school": ""}, PlanFlaw.MISSING, "school"),
        ({"kind": "rocket"}, PlanFlaw.BAD_VALUE, "kind"),
        ({"quantity": 0}, PlanFlaw.BAD_VALUE, "quantity"),
        ({"price_satang": -1}, PlanFlaw.BAD_VALUE, "price"),
        ({"reason": ""}, PlanFlaw.MISSING, "reason"),
        ({"source": Source.MOVED, "giver": 3}, PlanFlaw.BAD_VALUE, "quantity"),
    ],
)
def test_a_line_that_cannot_stand_names_the_field(changes: dict[str, object], flaw: PlanFlaw, field: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        checked(replace(LINE, **changes))  # type: ignore[arg-type]
    assert (refused.value.flaw, refused.value.field) == (flaw, field)


@given(
    st.sampled_from(list(Work)), st.integers(1, 5), st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(1, 5)))
)
def test_no_piece_is_anywhere_before_it_was_where_it_comes_from(
    work: Work, quantity: int, steps: list[tuple[Stage, int]]
) -> None:
    line = replace(LINE, work=work, quantity=quantity)
    for stage, pieces in steps:
        try:
            line = forward(line, stage, pieces)
        except PlanRefused:
            continue
    reached = [quantity, *(line.reached(stage) for stage in line.stages)]
    assert reached == sorted(reached, reverse=True)
    assert line.is_done == (not line.following)


@pytest.mark.parametrize(
    ("what", "told"), [("", "โทรทัศน์"), ("43 นิ้ว", "โทรทัศน์ 43 นิ้ว"), ("โทรทัศน์ 43 นิ้ว", "โทรทัศน์ 43 นิ้ว")]
)
def test_a_thing_is_not_named_by_its_kind_twice(what: str, told: str) -> None:
    assert called("โทรทัศน์", what) == told
