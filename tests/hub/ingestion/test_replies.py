"""Whom the hub looks at to tell it something of its journal: of a country, not everybody with each step."""

from hub.core.equipment import NodeKey
from hub.ingestion.facts import ReportMade
from hub.ingestion.fleet import Fleet, JournalState
from hub.ingestion.ranges import Ranges
from hub.ingestion.replies import Replies
from hub.ingestion.settings import IngestionSettings

T0 = 1_790_000_000_000
NODES = [NodeKey("cpm3", f"3603000{at}") for at in range(9)]
NO_FACTS: list[ReportMade] = []


class Journals:
    """Of all nodes alike; `asked` counts how often one of them was looked at."""

    def __init__(self) -> None:
        self.asked, self.fleet = 0, Fleet()
        self.replies = Replies(self.fleet, IngestionSettings(), self._of)

    def holds(self, *spans: tuple[int, int]) -> None:
        for node in NODES:
            self.fleet.journals[node] = {"j": JournalState(T0, spans[-1][1], Ranges(spans))}
        self.replies.committed(NO_FACTS, NODES)

    def due(self, after_s: float) -> list[tuple[NodeKey, object]]:
        return [(each.node, each.metrics[0].value) for each in self.replies.due(T0 + round(after_s * 1000))]

    def _of(self, _node: NodeKey) -> str:
        self.asked += 1
        return "j"


def test_who_waits_to_be_acknowledged_again_is_not_looked_at_until_then() -> None:
    journals = Journals()
    journals.holds((1, 2))
    assert sorted(journals.due(0)) == [(node, 2) for node in NODES]
    journals.holds((1, 3))
    assert journals.due(1) == []
    asked = journals.asked
    assert [journals.due(second) for second in range(2, 60)] == [[]] * 58
    assert journals.asked == asked
    assert sorted(journals.due(60)) == [(node, 3) for node in NODES]


def test_who_says_more_meanwhile_is_acknowledged_once() -> None:
    journals = Journals()
    journals.holds((1, 2))
    journals.due(0)
    for second in range(1, 60):
        journals.holds((1, 2 + second))
        assert journals.due(second) == []
    assert sorted(journals.due(60)) == [(node, 61) for node in NODES]
    assert journals.due(61) == []


def test_a_clock_that_was_set_back_holds_no_acknowledgement_back() -> None:
    journals = Journals()
    journals.holds((1, 2))
    journals.due(0)
    journals.holds((1, 3))
    assert journals.due(1) == []
    assert sorted(journals.due(-3600)) == [(node, 3) for node in NODES]


def test_a_hole_is_asked_for_while_the_acknowledgement_waits() -> None:
    journals = Journals()
    journals.holds((1, 2))
    journals.due(0)
    journals.holds((1, 2), (5, 6))
    assert journals.due(1) == []
    assert sorted(journals.due(4.5)) == [(node, 3) for node in NODES]
