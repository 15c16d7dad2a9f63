"""The ways that other tests take through every workflow really take every step."""

from itertools import pairwise

import pytest

from hub.workflows.loading import load_definitions
from hub.workflows.schema import Definition, StateKind
from tests.hub.workflows.walking import covering, usual

ALL = load_definitions()
every = pytest.mark.parametrize("definition", ALL.values(), ids=list(ALL))


@every
def test_the_ways_take_every_step_from_every_state(definition: Definition) -> None:
    taken = {(each.origin, each.name) for way in covering(definition) for each in way}
    assert taken == {(state, name) for state in definition.states for name, _ in definition.leaving(state)}


@every
def test_every_way_hangs_together_and_ends(definition: Definition) -> None:
    for way in (usual(definition), *covering(definition)):
        assert way[0].origin == definition.begin
        assert all(one.to == other.origin for one, other in pairwise(way))
        assert definition.states[way[-1].to].kind is StateKind.END
