"""A journal as an agent leaves it that was cut off for two weeks: FOLDER UNTIL_MS REPORTS. Written by the agent's own journal."""

import sys
from pathlib import Path

from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.entries import Entry
from wire.metrics import DataType, Metric

SPAN_MS = 14 * 86_400_000
AT_ONCE = 100
DEVICES = ("p1-receiver", "p2-receiver")


def main(folder: str, until: str, reports: str) -> None:
    end, count = int(until), int(reports)
    journal = SqliteJournal(Path(folder), end - SPAN_MS)
    marks = journal.marks()
    told = [told_at(end - SPAN_MS + SPAN_MS * number // count, number) for number in range(count)]
    for first in range(0, count, AT_ONCE):
        journal.keep(told[first : first + AT_ONCE], acked=marks.acked, published=marks.published)
    journal.close()


def told_at(t: int, number: int) -> Entry:
    cnr = Metric("signal/cnr_db", 8.0 + number % 50 / 10, DataType.FLOAT, timestamp=t)
    return Entry(DEVICES[number % 2], t, (Metric("signal/lock", True, DataType.BOOLEAN, timestamp=t), cnr))


if __name__ == "__main__":
    main(*sys.argv[1:])
