"""Lines of a replay that are found again by their time."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from hub.store.put_aside import TABLES, Lines, PutAside

_TIMES = st.integers(1_780_000_000_000, 1_780_000_200_000) | st.sampled_from([1_780_000_059_999, 1_780_000_060_000])
_LINES = st.binary(max_size=20).map(lambda line: line.replace(b"\n", b" "))
_BATCHES = st.lists(st.lists(st.tuples(_TIMES, _LINES), max_size=12), max_size=4)


@settings(max_examples=100, deadline=None)
@given(batches=_BATCHES, never=_TIMES)
def test_each_line_is_found_by_its_time_and_no_other_is(
    batches: Sequence[Sequence[tuple[int, bytes]]], never: int
) -> None:
    engine = create_engine("sqlite://")
    aside, told = PutAside(), dict[int, list[bytes]]()
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for table in TABLES:
            connection.execute(text(table))
        for batch in batches:
            lines = Lines()
            for t, line in batch:
                lines.add(t, line)
                told.setdefault(t, []).append(line)
            lines.write(connection)
            aside.forget()
            for t in {*told, never}:
                assert sorted(aside.told_for(driver, t)) == sorted(told.get(t, []))
    engine.dispose()
