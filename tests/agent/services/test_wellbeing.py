import pytest

from agent.core.moment import Moment
from agent.core.readings import Poll
from agent.services.wellbeing import Wellbeing
from wire.handoff import Health


@pytest.fixture
def told() -> list[Health]:
    return []


@pytest.fixture
def wellbeing(told: list[Health]) -> Wellbeing:
    wellbeing = Wellbeing("1.2.3", told.append)
    wellbeing.start(Moment(1000, 0))
    return wellbeing


def test_the_start_is_told_at_once(wellbeing: Wellbeing, told: list[Health]) -> None:
    assert told == [Health("1.2.3", 1000, None)]


def test_healthy_is_who_has_read_himself_and_is_online(wellbeing: Wellbeing, told: list[Health]) -> None:
    wellbeing.look(Moment(2000, 0), online=True)
    wellbeing.hear(Poll("p1-tv", 0, {}))
    wellbeing.look(Moment(3000, 0), online=True)
    wellbeing.hear(Poll(None, 0, {}))
    wellbeing.look(Moment(4000, 0), online=False)
    assert len(told) == 1
    wellbeing.look(Moment(5000, 0), online=True)
    assert told[1:] == [Health("1.2.3", 1000, 5000)]


def test_health_is_told_once(wellbeing: Wellbeing, told: list[Health]) -> None:
    wellbeing.hear(Poll(None, 0, {}))
    for _ in range(3):
        wellbeing.look(Moment(5000, 0), online=True)
    assert len(told) == 2
