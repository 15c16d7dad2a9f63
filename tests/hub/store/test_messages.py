"""What is to be told is noted with what happened."""

import contextlib

from sqlalchemy import select

from hub.store.message_tables import message
from hub.store.messages import tell
from hub.store.unit_of_work import Store


def codes(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(message.c.code).order_by(message.c.id)).scalars())


def test_what_is_told_twice_by_the_same_key_is_noted_once(store: Store) -> None:
    for _ in range(2):
        with store.begin() as work:
            tell(work.connection, "stock.low", {"item": "LNB"}, ("supply", "supply"), 5, key="low:7")
            tell(work.connection, "survey.sent", {}, ("school",), 5, group="cpm3", school="30010012")
    assert codes(store) == ["stock.low", "survey.sent", "survey.sent"]


def test_what_did_not_happen_is_not_told(store: Store) -> None:
    with contextlib.suppress(KeyError), store.begin() as work:
        tell(work.connection, "stock.low", {"item": "LNB"}, ("supply",), 5)
        raise KeyError
    assert codes(store) == []
