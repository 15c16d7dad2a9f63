"""Nodes have one row, whoever speaks of them first."""

from sqlalchemy import select

from hub.core.equipment import NodeKey
from hub.ingestion.fleet import Batch, NodeState
from hub.store.intake import IntakeStore
from hub.store.nodes import node_id
from hub.store.tables import node
from hub.store.unit_of_work import Store

KEY = NodeKey("cpm3", "36030001-2")


def test_a_node_that_was_not_heard_yet_has_a_row_when_something_befalls_it(store: Store) -> None:
    with store.begin() as work:
        number = node_id(work.connection, KEY)
        assert node_id(work.connection, KEY) == number
        row = work.connection.execute(select(node)).one()
    assert (row.name, row.school, row.online, row.heard_at) == ("36030001-2", "36030001", False, None)


def test_a_node_that_is_heard_later_gets_no_second_row(store: Store) -> None:
    intake = IntakeStore(store)
    intake.load()
    with store.begin() as work:
        number = node_id(work.connection, KEY)
    for heard_at in (5, 6):
        with intake.begin() as transaction:
            transaction.keep(Batch({KEY: NodeState(True, 5, heard_at, {})}, {}, {}, ()), now=5)
    with store.begin() as work:
        rows = work.connection.execute(select(node.c.id, node.c.online, node.c.heard_at)).all()
    assert rows == [(number, True, 6)]
