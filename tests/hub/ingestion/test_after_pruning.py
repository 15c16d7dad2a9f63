"""Reports that are pruned are still known: told once more they change nothing."""

from typing import Any

import pytest

from hub.store.folding import Folding
from hub.store.hourly_tables import hourly
from hub.store.packing import Packing
from hub.store.pruning import Pruning
from hub.store.unit_of_work import Store

T0 = 1_790_000_000_000
DAY_MS = 86_400_000
LATER = T0 + 37 * DAY_MS


def prune(hub: Any) -> list[tuple[object, ...]]:
    """The hours that are left."""
    store = Store(hub.engine)
    for chore in (Folding(store), Packing(store, 35.0), Pruning(store, 35.0)):
        while chore.step(LATER):
            pass
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(hourly.select())]


@pytest.mark.parametrize("journal", [True, False])
def test_a_report_that_comes_again_after_it_was_pruned_is_counted_once(hub: Any, new_node: Any, journal: bool) -> None:
    node = new_node() if journal else new_node(epoch=None)
    offset = 1 if journal else None
    hub.hears(node.nbirth(), node.report(offset, T0 + 1000, host__cpu_pct=7.5))
    before = prune(hub)
    assert before
    assert hub.reports() == []
    hub.restart(LATER)
    hub.hears(node.nbirth(LATER), node.history(offset, T0 + 1000, host__cpu_pct=7.5), now=LATER)
    assert prune(hub) == before
    assert hub.counters.duplicates._value.get() == 1
