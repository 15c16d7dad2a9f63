"""Argon2: what is right is right, and nothing tells whether there was anything to compare with."""

import threading
import time
from statistics import median

from hub.accounts.errors import TooBusy
from hub.accounts.records import Checked
from hub.passwords import Argon2Passwords

CHEAP = Argon2Passwords(time_cost=1, memory_kib=64)
WORD = "ช้างสามตัวเดินทางไกล"


def test_a_password_is_known_again_by_its_hash() -> None:
    hashed = CHEAP.hash(WORD)
    assert hashed.startswith("$argon2id$")
    assert CHEAP.check(WORD, hashed) == Checked(True)
    assert CHEAP.check(WORD + "x", hashed) == Checked(False)


def test_the_same_password_is_hashed_otherwise_each_time() -> None:
    assert CHEAP.hash(WORD) != CHEAP.hash(WORD)


def test_where_there_is_no_hash_nothing_is_right() -> None:
    assert CHEAP.check("nobody", None) == CHEAP.check("", "") == CHEAP.check("x", "no hash") == Checked(False)


def test_a_hash_by_other_parameters_is_made_anew() -> None:
    checked = Argon2Passwords(time_cost=2, memory_kib=64).check(WORD, CHEAP.hash(WORD))
    assert checked.right
    assert checked.anew is not None
    assert "t=2" in checked.anew


def test_the_parameters_are_those_that_are_recommended() -> None:
    assert "$m=65536,t=3,p=4$" in Argon2Passwords().hash(WORD)


def test_it_takes_as_long_where_there_is_nothing_to_compare_with() -> None:
    passwords = Argon2Passwords(time_cost=2, memory_kib=8192)
    hashed = passwords.hash(WORD)

    def seconds(against: str | None) -> float:
        # Of the processor: what a clock shows says more of what else runs on the machine.
        start = time.process_time()
        passwords.check("wrong", against)
        return time.process_time() - start

    pairs = [(seconds(None), seconds(hashed)) for _ in range(15)]
    nothing, something = (median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < nothing / something < 2


def test_whoever_comes_when_many_wait_is_sent_away() -> None:
    passwords = Argon2Passwords(time_cost=20, memory_kib=32_768, patience_s=0.01)
    refused: list[bool] = []

    def hash_one() -> None:
        try:
            passwords.hash(WORD)
        except TooBusy:
            refused.append(True)

    threads = [threading.Thread(target=hash_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert refused


def test_few_wait_and_the_rest_is_sent_away_at_once_or_pages_of_others_would_stand_still() -> None:
    passwords = Argon2Passwords(time_cost=20, memory_kib=32_768, patience_s=20)
    waited: list[float] = []

    def hash_one() -> None:
        start = time.perf_counter()
        try:
            passwords.hash(WORD)
        except TooBusy:
            waited.append(time.perf_counter() - start)

    threads = [threading.Thread(target=hash_one) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(waited) >= 15
    assert max(waited) < 60
