"""A recording on disk: plain, gzipped, spoilt, out of order."""

import gzip
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.replay.errors import CannotRead
from hub.replay.lines import MAX_LINE, Line, Said, read
from hub.replay.order import OutOfOrder, ordered
from hub.replay.recording import Complaints, Recording
from hub.replay.sorting import sorted_on_disk

T = 1_780_286_400_000


def said(t: int, node: str = "a", *, historical: bool = False) -> dict[str, object]:
    return {"t": T + t, "type": "NDATA", "node": node, "metrics": [["host/cpu_pct", 1.5]], "historical": historical}


def write(path: Path, *lines: dict[str, object] | bytes) -> Path:
    path.write_bytes(b"".join((each if isinstance(each, bytes) else orjson.dumps(each)) + b"\n" for each in lines))
    return path


Opening = Callable[[Path], tuple[Recording, list[str]]]


@pytest.fixture
def open_recording() -> Iterator[Opening]:
    with ExitStack() as opened:

        def opening(path: Path) -> tuple[Recording, list[str]]:
            heard: list[str] = []
            recording = Recording(path, Complaints(heard.append))
            opened.callback(recording.close)
            return recording, heard

        yield opening


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording.ndjson"


def test_lines_come_with_their_numbers(path, open_recording):
    recording, _ = open_recording(write(path, said(1), said(2)))
    assert [(line.number, line.said.t - T) for line in recording.lines()] == [(1, 1), (2, 2)]


def test_a_late_line_arrives_with_the_newest_of_its_node(path, open_recording):
    recording, _ = open_recording(write(path, said(5), said(2, historical=True), said(1, "b"), said(7)))
    assert [line.at - T for line in recording.lines()] == [5, 5, 1, 7]


@pytest.mark.parametrize("name", ["recording.ndjson", "recording.gz", "recording"])
def test_whether_it_is_gzipped_is_told_by_its_content(tmp_path, name, open_recording):
    plain = write(tmp_path / "plain", said(1), said(2)).read_bytes()
    (tmp_path / name).write_bytes(gzip.compress(plain))
    recording, heard = open_recording(tmp_path / name)
    assert len(list(recording.lines())) == 2
    assert not heard


def test_it_can_be_read_again(path, open_recording):
    recording, _ = open_recording(write(path, said(1), said(2)))
    first = list(recording.lines())
    assert list(recording.lines()) == first


def test_unreadable_lines_are_named_by_number_and_skipped(path, open_recording):
    recording, heard = open_recording(write(path, said(1), b"{rubbish", said(2)))
    assert [line.number for line in recording.lines()] == [1, 3]
    assert len(heard) == 1
    assert heard[0].startswith("line 2 ")


def test_twenty_are_named_and_then_the_total(path):
    complaints = Complaints((heard := []).append)
    recording = Recording(write(path, *[b"rubbish"] * 30), complaints)
    with closing(recording):
        for _ in range(2):
            assert list(recording.lines()) == []
    complaints.end()
    assert complaints.count == 30
    assert len(heard) == 21
    assert heard[-1].startswith("30 lines")


def test_empty_lines_and_windows_ends_of_lines_are_nothing_to_complain_of(path, open_recording):
    path.write_bytes(b"\xef\xbb\xbf" + orjson.dumps(said(1)) + b"\r\n\r\n" + orjson.dumps(said(2)))
    recording, heard = open_recording(path)
    assert len(list(recording.lines())) == 2
    assert not heard


def test_a_line_without_an_end_in_sight_is_skipped(path, open_recording):
    recording, heard = open_recording(write(path, b"x" * (3 * MAX_LINE), said(2)))
    assert [line.number for line in recording.lines()] == [2]
    assert "line 1 " in heard[0]


def test_a_gzipped_file_that_is_cut_off_is_played_as_far_as_it_goes(tmp_path, open_recording):
    rows = [{**said(number), "noise": random.Random(number).random()} for number in range(20_000)]
    whole = write(tmp_path / "plain", *rows).read_bytes()
    (tmp_path / "cut").write_bytes(gzip.compress(whole)[:200_000])
    recording, heard = open_recording(tmp_path / "cut")
    assert 100 < len(list(recording.lines())) < 20_000
    assert "cut off" in heard[-1]


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_recording_that_is_not_there_is_named(tmp_path, name, open_recording):
    with pytest.raises(CannotRead, match="--recording"):
        open_recording(tmp_path / name)


def test_what_is_a_little_out_of_order_is_put_right(path, open_recording):
    recording, _ = open_recording(write(path, said(50, "b"), said(20, "a"), said(90, "c"), said(50, "a")))
    assert [line.number for line in ordered(recording.lines(), 100)] == [2, 4, 1, 3]


def test_what_is_far_out_of_order_is_not_streamed(path, open_recording):
    recording, _ = open_recording(write(path, *(said(number * 10) for number in range(6000)), said(0, "b")))
    with pytest.raises(OutOfOrder, match="line 6001"):
        list(ordered(recording.lines(), 1000))


def test_of_a_wide_window_no_more_lines_wait_than_asked_for():
    taken = 0

    def told() -> Iterator[Line]:
        nonlocal taken
        for taken in range(1, 101):
            yield Line(taken * 10, "a", taken, Said(taken * 10, "NDATA", "a", "", [], False, {}), b"")

    waiting = [taken - line.number for line in ordered(told(), 3_600_000, chunk_size=10, most=20)]
    assert 20 <= max(waiting) <= 30


def told(at, node, number, line):
    data = orjson.dumps(line)
    return Line(at, node, number, read(data), data)


LINES = st.lists(
    st.builds(
        lambda at, node: (at, node),
        st.integers(0, 2000),
        st.sampled_from("abc"),
    ),
    max_size=60,
)


@given(LINES, st.integers(1, 9))
def test_sorting_on_disk_gives_the_same_order_as_sorting_in_memory(rows, run):
    lines = [
        told(at, node, number, {"t": T + at, "type": "NDATA", "node": node, "metrics": [["x", 1.5], ["y", None]]})
        for number, (at, node) in enumerate(rows)
    ]
    with sorted_on_disk(lines, run) as found:
        assert list(found) == sorted(lines)


def test_many_runs_are_merged_before_too_many_files_are_open():
    birth = {"t": T, "type": "NBIRTH", "node": "a", "metrics": [["x", 1.5]]}
    lines = [told(at, "a", at, birth) for at in reversed(range(400))]
    with sorted_on_disk(lines, 2) as found:
        assert list(found) == sorted(lines)
