"""Names of backups, and which may go."""

from hypothesis import given
from hypothesis import strategies as st

from hub.backups.names import DAY_MS, KEPT_AT_LEAST, made_at, name_at, newest, outdated

NOW = 1_790_000_000_000


@given(st.integers(0, 4_000_000_000))
def test_a_name_tells_when(seconds: int) -> None:
    assert made_at(name_at(seconds * 1000)) == seconds * 1000


def test_other_files_are_no_backups() -> None:
    names = ["notes.txt", "dltv-hub-20261399T000000Z.tar.gz", ".dltv-hub-20261101T000000Z.tar.gz.part"]
    assert newest(names) is None
    assert outdated(names, 0, NOW) == []


def test_the_newest_is_the_youngest() -> None:
    assert newest([name_at(NOW - DAY_MS), name_at(NOW), "x"]) == (name_at(NOW), NOW)


def test_older_ones_may_go() -> None:
    names = [name_at(NOW - day * DAY_MS) for day in range(20)]
    assert outdated(names, 14, NOW) == [name_at(NOW - day * DAY_MS) for day in range(15, 20)]


@given(st.lists(st.integers(0, 1000).map(lambda day: name_at(NOW - day * DAY_MS)), unique=True))
def test_some_are_kept_whatever_their_age(names: list[str]) -> None:
    assert len(names) - len(outdated(names, 1, NOW)) >= min(len(names), KEPT_AT_LEAST)
