"""A whole replay: the same result however the lines came, how they were batched, and wherever it was killed."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.replay.errors import CannotRead, CannotWrite, OtherRecording
from hub.store.errors import NoScratch

MANY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SEEDS = st.integers(0, 10_000)


def schools(days, seed):
    return [days.school_day(code, seed) for code in days.SCHOOLS]


@pytest.fixture(scope="session")
def expected(days, tmp_path_factory):
    """What a seed's day comes to, replayed in order, in one batch."""
    known = {}

    def result(stages, seed):
        if seed not in known:
            known[seed] = stages().replay(days.by_time(schools(days, seed)), batch=100_000)
        return known[seed]

    return result


def test_a_fault_becomes_a_ticket(days, stage):
    told = days.births("36030001", days.at("08:00"))
    told.append(
        days.line(days.at("09:00"), "DDATA", "36030001", "p1-receiver", signal__lock=False, signal__cnr_db=None)
    )
    beats = range(days.at("08:05"), days.at("15:00"), 300_000)
    told += [days.line(t, "NDATA", "36030001", host__uptime_s=t // 1000) for t in beats]
    told += [days.line(t, "DDATA", "36030001", "p2-receiver", signal__cnr_db=13.0) for t in beats]
    [ticket] = stage.replay(sorted(told, key=lambda each: each["t"]))["tickets"]
    assert (ticket["school"], ticket["device"], ticket["cause"]) == ("36030001", "p1-receiver", "receiver_failed")
    assert ticket["onset_at"] == days.at("09:00")
    assert days.at("09:45") <= ticket["opened_at"] <= days.at("10:10")
    assert ticket["evidence"]


@MANY
@given(seed=SEEDS, order=SEEDS)
def test_the_order_across_nodes_changes_nothing(days, stages, expected, seed, order):
    shuffled = days.mixed(schools(days, seed), random.Random(order))
    assert stages().replay(shuffled) == expected(stages, seed)


@MANY
@given(seed=SEEDS, order=SEEDS, batch=st.integers(50, 400))
def test_duplicates_change_nothing(days, stages, expected, seed, order, batch):
    rng, told = random.Random(order), days.by_time(schools(days, seed))
    for _ in range(60):
        first = rng.randrange(len(told))
        told.insert(rng.choice([first + 1, rng.randrange(first + 1, len(told) + 1)]), told[first])
    assert stages().replay(told, batch=batch) == expected(stages, seed)


@MANY
@given(seed=SEEDS, batch=st.integers(20, 1500))
def test_the_size_of_a_batch_changes_nothing(days, stages, expected, seed, batch):
    assert stages().replay(days.by_time(schools(days, seed)), batch=batch) == expected(stages, seed)


def test_a_replay_whose_database_goes_away_comes_to_the_same(days, stage, stages, expected):
    told = days.by_time(schools(days, 3))
    assert stage.replay(told, batch=200, keep=None) == expected(stages, 3)


@MANY
@given(seed=SEEDS, order=SEEDS, batch=st.integers(50, 300), kills=st.lists(st.integers(1, 6), min_size=1, max_size=3))
def test_a_replay_that_is_killed_goes_on_where_it_was(days, stages, expected, seed, order, batch, kills):
    stage, rng = stages(), random.Random(order)
    told = days.by_time(schools(days, seed))
    for _ in range(30):
        first = rng.randrange(len(told))
        told.insert(rng.randrange(first + 1, len(told) + 1), told[first])
    keep = stage.fresh("kept.db")
    for lives in kills:
        kill = Kill(lives)
        try:
            stage.replay(told, kill, batch=batch, keep=keep)
        except KeyboardInterrupt:
            continue
    assert stage.replay(told, batch=batch, keep=keep) == expected(stages, seed)


class Kill:
    """Ends a replay after so many of its steps."""

    def __init__(self, lives: int) -> None:
        self.lives = lives

    def __call__(self, what: str, share: float, lines: int) -> None:
        self.lives -= 1
        if not self.lives:
            raise KeyboardInterrupt


def test_what_is_far_out_of_order_is_said_and_sorted(days, stage):
    told = [each for school in schools(days, 1) for each in school]
    stage.replay(told, batch=100)
    assert any("sorted on disk" in line for line in stage.heard)


def test_a_node_that_tells_its_history_for_some_minutes_is_no_reason_to_sort(days, stage):
    told = days.births("36030001", days.at("08:00")) + days.births("36030002", days.at("08:00"))
    told += [
        days.line(days.at("08:01") + each * 2000, "NDATA", "36030002", host__uptime_s=86_400 + each)
        for each in range(300)
    ]
    told += [
        days.line(days.at("03:00") + each * 1000, "NDATA", "36030001", historical=True, host__cpu_pct=each)
        for each in range(100)
    ]
    told += [days.line(days.at("08:11") + each, "NDATA", "36030002", host__cpu_pct=each) for each in range(100)]
    stage.replay(told, batch=100)
    assert not stage.heard


def test_what_is_sorted_may_be_killed_too(days, stages):
    told = [each for school in schools(days, 1) for each in school]
    stage = stages()
    keep = stage.fresh("kept.db")
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            stage.replay(told, Kill(3), batch=100, keep=keep)
    assert stage.replay(told, keep=keep) == stages().replay(told)


def test_unreadable_lines_are_counted_and_change_nothing(days, stages):
    told = days.by_time(schools(days, 1))
    spoilt = [*told[:50], b"{", b"rubbish", *told[50:]]
    stage = stages()
    assert stage.replay(spoilt) == stages().replay(told)
    assert any(line.startswith("line 51 ") for line in stage.heard)


def test_an_empty_recording_comes_to_nothing(stage):
    assert stage.replay([]) == {"tickets": [], "incidents": [], "lesson_minutes_lost": [], "usage_minutes": []}


def test_a_recording_without_births_is_judged_all_the_same(days, stage):
    told = [each for each in days.by_time(schools(days, 1)) if not each["type"].endswith("BIRTH")]
    assert stage.replay(told)["usage_minutes"] == []


def test_a_kept_database_is_not_used_for_another_recording(days, stage):
    told = days.by_time(schools(days, 1))
    keep = stage.place / "kept.db"
    stage.replay(told[:100], keep=keep)
    with pytest.raises(OtherRecording, match="--keep"):
        stage.replay(told[:120], keep=keep)


def test_a_database_that_is_none_of_a_replay_is_left_alone(days, stage):
    keep = stage.place / "hub.db"
    keep.write_bytes(b"")
    stage.replay([], keep=keep)
    (stage.place / "notes.txt").write_text("not a database, but somebody's")
    before = (stage.place / "notes.txt").read_bytes()
    with pytest.raises(Exception, match="notes"):
        stage.replay([], keep=stage.place / "notes.txt")
    assert (stage.place / "notes.txt").read_bytes() == before


def test_a_live_hubs_database_is_refused(stage, tmp_path):
    from hub.store.engine import open_engine, upgrade

    engine = open_engine(f"sqlite:///{tmp_path / 'live.db'}")
    upgrade(engine)
    engine.dispose()
    with pytest.raises(NoScratch, match="live"):
        stage.replay([], keep=tmp_path / "live.db")


def test_files_that_are_not_there_are_named(days, stage):
    with pytest.raises(CannotWrite, match="--out"):
        stage.replay([], out=stage.place / "nowhere" / "result.json")
    with pytest.raises(CannotRead, match="--recording"):
        stage.replay([], recording=stage.place / "nothing.ndjson")
