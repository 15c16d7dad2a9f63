"""Numbers of papers."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from hub.store.papers import known_number, paper_number
from hub.store.unit_of_work import Store
from tests.stores import database


def number(store: Store, series: str, subject: str, year: int = 2570) -> tuple[int, int]:
    with store.begin() as work:
        return paper_number(work.connection, series, year, subject, who="person:1", at=1)


def test_numbers_run_by_form_and_fiscal_year(store: Store) -> None:
    assert [number(store, "F10", f"request:PR-2570-{n}") for n in (1, 2)] == [(1, 2570), (2, 2570)]
    assert number(store, "F08", "request:MR-2570-1") == (1, 2570)
    assert number(store, "F10", "request:PR-2571-1", 2571) == (1, 2571)


def test_a_paper_keeps_its_number_for_good(store: Store) -> None:
    first = number(store, "F10", "request:PR-2570-1")
    number(store, "F10", "request:PR-2570-2")
    assert number(store, "F10", "request:PR-2570-1") == first
    assert number(store, "F10", "request:PR-2570-1", 2571) == first


def test_what_was_never_printed_has_no_number(store: Store) -> None:
    with store.reading() as connection:
        assert known_number(connection, "F10", "request:PR-2570-1") is None


def test_two_at_once_never_share_a_number(store: Store) -> None:
    taken: list[tuple[int, int]] = []
    gate = threading.Barrier(8)

    def take(n: int) -> None:
        gate.wait()
        taken.append(number(store, "F10", f"request:PR-2570-{n // 2}"))

    threads = [threading.Thread(target=take, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [(n, 2570) for n in (1, 2, 3, 4) for _ in range(2)]


_PROCESS = """
import sys
from hub.store.engine import open_engine
from hub.store.papers import paper_number
from hub.store.unit_of_work import Store

url, who = sys.argv[1:]
store = Store(open_engine(url))
print("ready", flush=True)
sys.stdin.readline()
for n in range(20):
    with store.begin() as work:
        subject = f"request:{n}" if n % 4 == 0 else f"request:{who}-{n}"
        print(paper_number(work.connection, "F10", 2570, subject, who=who, at=1).number, flush=True)
store.close()
"""
"""Twenty papers; every fourth is one that the other process prints as well."""


def test_two_processes_at_once_neither_repeat_nor_skip_a_number(store: Store, tmp_path: Path) -> None:
    url = database(tmp_path / "hub.db")
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([sys.executable, "-c", _PROCESS, url, who], **pipes) for who in ("a", "b")]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    taken: list[list[int]] = []
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in started:
        told, _ = each.communicate(timeout=300)
        assert each.returncode == 0
        taken.append([int(line) for line in told.split()])
    one, other = taken
    assert one[::4] == other[::4]
    assert sorted({*one, *other}) == list(range(1, 36))
    assert len(one) == len(other) == 20


def test_a_number_that_was_taken_and_given_up_is_the_next_one(store: Store) -> None:
    with pytest.raises(RuntimeError):
        give_up(store)
    assert number(store, "F10", "request:PR-2570-2") == (1, 2570)


def give_up(store: Store) -> None:
    with store.begin() as work:
        paper_number(work.connection, "F10", 2570, "request:PR-2570-1", who="person:1", at=1)
        raise RuntimeError
