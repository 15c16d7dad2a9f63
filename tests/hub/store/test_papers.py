"""Numbers of papers."""

import threading

from hub.store.papers import known_number, paper_number
from hub.store.unit_of_work import Store


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
