"""Leases on a real PostgreSQL: work is divided, kept, given back and taken over, and never done by two."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.store.bulletin import post, read_bulletin
from hub.store.lease_tables import hub_process, lease
from hub.store.leases import LeaseLost, Leases
from hub.store.opening import open_store
from hub.store.tables import metric
from hub.store.unit_of_work import Store
from tests.postgresql import databases

WORK = [f"district d{number}" for number in range(5)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(databases().at(tmp_path / "hub.db"))
    yield opened
    opened.close()


@pytest.fixture
def process(store: Store) -> Callable[[str], Leases]:
    return lambda name: Leases(store, name, "ingest")


def silence(store: Store, name: str) -> None:
    """As if it had not been heard of for as long as its leases last."""
    with store.apart() as work:
        work.connection.execute(update(lease).where(lease.c.holder == name).values(until=1))
        work.connection.execute(update(hub_process).where(hub_process.c.id == name).values(until=1))


def count(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(metric)).scalar_one()


def add(store: Store) -> None:
    with store.begin() as work:
        work.connection.execute(insert(metric).values(name="a", datatype=1))


def test_one_process_does_everything(process: Callable[[str], Leases]) -> None:
    share = process("a").renew(WORK)
    assert (share.held, share.surplus) == (set(WORK), set())


def test_two_processes_divide_it(process: Callable[[str], Leases]) -> None:
    first, second = process("a"), process("b")
    first.renew(WORK)
    assert second.renew(WORK).held == frozenset()
    surplus = first.renew(WORK).surplus
    assert len(surplus) == 2
    first.release(surplus)
    assert second.renew(WORK).held == surplus
    assert first.renew(WORK).surplus == frozenset()


def test_what_a_silent_process_held_is_taken_over(store: Store, process: Callable[[str], Leases]) -> None:
    first, second = process("a"), process("b")
    first.renew(WORK)
    second.renew(WORK)
    silence(store, "a")
    assert second.renew(WORK).held == set(WORK)


def test_what_a_process_leaves_is_free_at_once(process: Callable[[str], Leases]) -> None:
    first = process("a")
    first.renew(WORK)
    first.leave()
    assert process("b").renew(WORK).held == set(WORK)


def test_who_lost_a_lease_writes_nothing(store: Store, process: Callable[[str], Leases]) -> None:
    first = process("a")
    first.renew(WORK)
    fenced = first.fenced(WORK[0])
    add(fenced)
    silence(store, "a")
    process("b").renew(WORK)
    with pytest.raises(LeaseLost, match="another process does district d0 now"):
        add(fenced)
    assert count(store) == 1
    assert first.renew(WORK).held == frozenset()


def test_roles_are_counted_apart(store: Store, process: Callable[[str], Leases]) -> None:
    Leases(store, "w", "worker").renew(["work"])
    assert process("a").renew(WORK).held == set(WORK)
    assert Leases(store, "v", "worker").renew(["work"]).held == frozenset()


def test_what_changes_in_one_process_is_told_in_the_others(store: Store) -> None:
    changes = Changes(
        frozenset(NodeKey("cpm3", f"{number:08}") for number in range(60)), frozenset({7}), frozenset({"R-1"})
    )
    told: list[Changes] = []
    asked = iter(range(1000))

    def goes_on() -> bool:
        if next(asked) == 0:
            post(store, "b", Changes(tickets=frozenset({99})))
            post(store, "a", changes)
        return sum(len(each.nodes) + len(each.tickets) + len(each.requests) for each in told) < 62

    read_bulletin(store, "b", told.append, goes_on=goes_on)
    assert frozenset().union(*(each.nodes for each in told)) == changes.nodes
    assert frozenset().union(*(each.tickets for each in told)) == changes.tickets
    assert frozenset().union(*(each.requests for each in told)) == changes.requests
