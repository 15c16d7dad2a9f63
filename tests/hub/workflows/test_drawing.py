"""Every workflow as a picture: all is drawn, nothing stands on anything else, and the present state is marked."""

from itertools import combinations

import pytest

from hub.workflows.drawing import WIDTH, Box, Drawing, Stem, draw, seen_signs
from hub.workflows.loading import load_definitions
from hub.workflows.schema import Definition

ALL = load_definitions()
every = pytest.mark.parametrize("definition", ALL.values(), ids=list(ALL))


@every
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_state_and_every_step_is_drawn(definition: Definition, language: str) -> None:
    drawing = draw(definition, language)
    assert [each.state for each in drawing.boxes] == list(definition.states)
    steps = [step.of(language) for state in definition.states for _, step in definition.leaving(state)]
    assert sorted(each.words for each in drawing.rows) == sorted(steps)


@every
def test_nothing_stands_on_anything_else(definition: Definition) -> None:
    drawing = draw(definition, "th")
    spans = [(each.y, each.bottom) for each in drawing.boxes] + [(each.y - 9, each.y + 9) for each in drawing.rows]
    assert all(one[1] <= other[0] or other[1] <= one[0] for one, other in combinations(spans, 2))
    assert max(bottom for _, bottom in spans) <= drawing.height


@every
def test_lanes_stand_between_the_boxes_and_the_edge(definition: Definition) -> None:
    drawing = draw(definition, "th")
    assert all(drawing.left + each.width < lane.x < WIDTH for each in drawing.boxes for lane in drawing.lanes)


@every
def test_lanes_side_by_side_do_not_run_into_each_other(definition: Definition) -> None:
    lanes = draw(definition, "th").lanes
    same = [(one, other) for one, other in combinations(lanes, 2) if one.x == other.x]
    assert all(one.bottom < other.top or other.bottom < one.top for one, other in same)


@every
def test_every_step_leads_to_its_state(definition: Definition) -> None:
    """By its lane, or straight into the box below."""
    drawing = draw(definition, "en")
    into = {lane.into for lane in drawing.lanes}
    middles = {each.middle: each.state for each in drawing.boxes}
    order = list(definition.states)
    straight = {order[order.index(box.state) + 1] for box, stem in _stems(drawing) if stem.onward}
    led_to = {middles[each] for each in into} | straight
    assert led_to == {each.to for each in definition.transitions.values() if each.to}


def _stems(drawing: Drawing) -> list[tuple[Box, Stem]]:
    return [(box, stem) for stem in drawing.stems for box in drawing.boxes if box.bottom == stem.top]


def test_where_a_request_is_and_what_can_be_done_there_is_marked() -> None:
    definition = ALL["phone_consult"]
    drawing = draw(definition, "en", "promised")
    assert [each.state for each in drawing.boxes if each.here] == ["promised"]
    usable = {each.words for each in drawing.rows if each.usable}
    assert usable == {step.en for _, step in definition.leaving("promised")}


def test_words_that_are_too_long_are_made_to_fit() -> None:
    long = ALL["phone_consult"].model_copy(deep=True)
    state = long.states["received"].model_copy(update={"en": "A state with a name that is far too long for a phone"})
    drawing = draw(long.model_copy(update={"states": {**long.states, "received": state}}), "en")
    assert drawing.boxes[0].squeeze == drawing.boxes[0].width - 34
    assert drawing.boxes[1].squeeze is None


def test_vowels_above_and_below_take_no_room() -> None:
    assert seen_signs("ที่นี่") == 2


def test_a_step_that_leads_nowhere_stays_where_it_is() -> None:
    definition = ALL["phone_consult"]
    told = definition.transitions["promise"].model_copy(update={"to": None, "en": "Tell more"})
    drawing = draw(definition.model_copy(update={"transitions": {**definition.transitions, "tell": told}}), "en")
    assert {each.lane for each in drawing.rows if each.words == "Tell more"} == {None}
    assert all(each.stays == (each.words == "Tell more") for each in drawing.rows)
