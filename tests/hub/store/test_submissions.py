"""A form counts once, however often it comes: in the transaction of what it asked for, or not at all."""

import threading

import pytest

from hub.core.people import Principal, PrincipalKind
from hub.store.submissions import led_to, once
from hub.store.unit_of_work import Store

ANNA, BOON = Principal(PrincipalKind.PERSON, "1"), Principal(PrincipalKind.PERSON, "2")
KEY, NOW, DAY = "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10", 1_795_157_100_000, 86_400_000


def sent(store: Store, who: Principal, key: str, leads: str, now: int = NOW) -> str:
    with store.begin() as work:
        return once(work.connection, who, key, now, lambda: leads)


def test_the_second_time_changes_nothing_and_tells_what_the_first_led_to(store: Store) -> None:
    assert [sent(store, ANNA, KEY, each) for each in ("RP-2570-0001", "RP-2570-0002")] == ["RP-2570-0001"] * 2
    with store.reading() as connection:
        assert led_to(connection, ANNA, KEY) == "RP-2570-0001"


def test_the_same_key_of_somebody_else_is_another_form(store: Store) -> None:
    assert sent(store, ANNA, KEY, "a") == "a"
    assert sent(store, BOON, KEY, "b") == "b"


def test_a_form_without_a_key_is_always_new(store: Store) -> None:
    assert [sent(store, ANNA, "", each) for each in ("a", "b")] == ["a", "b"]


def test_what_was_refused_may_come_again(store: Store) -> None:
    def refuse() -> str:
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"), store.begin() as work:
        once(work.connection, ANNA, KEY, NOW, refuse)
    assert sent(store, ANNA, KEY, "a") == "a"


def test_of_many_at_once_one_is_carried_out(store: Store) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(sent(store, ANNA, KEY, f"number-{n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_keys_are_forgotten_after_a_season(store: Store) -> None:
    sent(store, ANNA, KEY, "a")
    sent(store, BOON, KEY, "b", NOW + 91 * DAY)
    with store.reading() as connection:
        assert led_to(connection, ANNA, KEY) is None
