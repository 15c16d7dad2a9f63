import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import HandoffError
from wire.handoff import HEALTH, WANTED, Health, Wanted, is_version

VERSIONS = st.none() | st.from_regex(r"\A[A-Za-z0-9]([._+-]?[A-Za-z0-9]){0,20}\Z")
TIMES = st.integers(0, 2**53)


@given(st.builds(Wanted, VERSIONS, VERSIONS, VERSIONS))
def test_what_is_wanted_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, wanted: Wanted) -> None:
    folder = tmp_path_factory.mktemp("handoff")
    wanted.write(folder)
    assert Wanted.read(folder) == wanted


@given(st.builds(Health, st.just("1.2.3"), TIMES, st.none() | TIMES))
def test_health_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, health: Health) -> None:
    folder = tmp_path_factory.mktemp("handoff")
    health.write(folder)
    assert Health.read(folder) == health


def test_before_anything_was_written_there_is_nothing(tmp_path: Path) -> None:
    assert Wanted.read(tmp_path) is None
    assert Health.read(tmp_path) is None


def test_a_second_writing_replaces_the_first_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    Wanted("1.0").write(tmp_path)
    Wanted("1.1", config="c7").write(tmp_path)
    assert Wanted.read(tmp_path) == Wanted("1.1", config="c7")
    assert [each.name for each in tmp_path.iterdir()] == [WANTED]


@pytest.mark.parametrize("version", ["1.2.3", "1.2.3rc1", "2026-05-01", "c7", "1.0+local.3", "a" * 64])
def test_what_names_a_version(version: str) -> None:
    assert is_version(version)


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "../1.0", "1..0", "1/0", "a\\b", "1.0\n", "-1", "1.0-", "ก", "a" * 65, "a b", "%2e", None, 3],
)
def test_what_may_never_become_part_of_a_path(text: object) -> None:
    assert not is_version(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"release": "../etc"}',
        b'{"release": 3}',
        b'{"config": ["a"]}',
        b"[" * 4000,
        b" " * 5000,
        b"\xff",
    ],
)
def test_any_other_wish_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / WANTED).write_bytes(data)
    with pytest.raises(HandoffError):
        Wanted.read(tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"version": "1.0"}',
        b'{"version": "../1", "started_at": 1}',
        b'{"version": "1.0", "started_at": true}',
        b'{"version": "1.0", "started_at": 1, "healthy_at": -1}',
        b'{"version": "1.0", "started_at": 1, "healthy_at": "1"}',
    ],
)
def test_any_other_health_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / HEALTH).write_bytes(data)
    with pytest.raises(HandoffError):
        Health.read(tmp_path)


@pytest.mark.parametrize(("name", "kind"), [(HEALTH, Health), (WANTED, Wanted)])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, name: str, kind: type[Health | Wanted]
) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(HandoffError):
        kind.read(tmp_path)
