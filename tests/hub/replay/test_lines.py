"""One line of a recording: what is read, what is refused."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.reports import Sample
from hub.replay.lines import Said, Unreadable, read
from wire.metrics import DataType

T = 1_780_286_400_000
GOOD = {"t": T, "type": "DDATA", "node": "36030001", "device": "p1-tv", "metrics": [["power/on", True]]}


def line(**changes: object) -> bytes:
    return orjson.dumps({name: value for name, value in {**GOOD, **changes}.items() if value != "absent"})


def test_a_line_says_who_said_what_and_when():
    values = {"power/on": Sample(True, DataType.BOOLEAN)}
    assert read(line()) == Said(T, "DDATA", "36030001", "p1-tv", (), False, values)


def test_of_a_birth_it_keeps_what_was_said_as_it_was():
    metrics = [["Properties/kind", "tv"], ["power/on", 1]]
    assert read(line(type="DBIRTH", metrics=metrics)) == Said(T, "DBIRTH", "36030001", "p1-tv", metrics, False, {})


def test_a_line_of_a_node_has_no_device():
    assert read(line(type="NDATA", device="absent")).device == ""
    assert read(line(type="NDATA", device=None)).device == ""


def test_history_is_marked():
    assert read(line(historical=True)).historical
    assert not read(line(historical=None)).historical


def test_null_stands_for_no_value():
    assert read(line(metrics=[["signal/cnr_db", None]])).samples == {"signal/cnr_db": Sample(None, DataType.FLOAT)}


@pytest.mark.parametrize("kind", ["DDATA", "DBIRTH"])
@pytest.mark.parametrize("text", ["y" * 4097, "a\0b"])
def test_also_of_a_metric_that_is_known_no_long_text_is_taken(kind, text):
    with pytest.raises(Unreadable, match="text"):
        read(line(type=kind, metrics=[["input/source", text]]))


def test_values_do_not_depend_on_whether_each_needs_a_second_look():
    told = [["power/on", True], ["signal/cnr_db", 13.5], ["input/source", "hdmi1"], ["tuner/service", None]]
    usual = read(line(metrics=told)).samples
    assert {name: sample.value for name, sample in usual.items()} == dict(told)
    assert read(line(metrics=[*told, ["Journal/Offset", 7]])).samples == usual


def test_a_death_needs_no_metrics():
    assert read(line(type="NDEATH", device="absent", metrics="absent")).metrics == ()


def test_what_is_not_known_is_let_through():
    assert read(line(comment="from the field")) == read(line())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"t": "absent"}, "t is no number"),
        ({"t": True}, "t is no number"),
        ({"t": 1780286400}, "2020"),
        ({"t": 10**15}, "2200"),
        ({"type": "NCMD"}, "NCMD"),
        ({"type": 7}, "none of"),
        ({"type": ["DDATA"]}, "none of"),
        ({"node": "absent"}, "node is missing"),
        ({"node": 36030001}, "node is missing"),
        ({"node": "x" * 201}, "node is longer"),
        ({"device": "absent"}, "device is missing"),
        ({"device": "a\0b"}, "zero character"),
        ({"type": "NDATA"}, "takes no device"),
        ({"metrics": "absent"}, "metrics is no list"),
        ({"metrics": [["power/on"]]}, "no pair"),
        ({"metrics": {"power/on": True}}, "metrics is no list"),
        ({"metrics": [[1, 2]]}, "no pair"),
        ({"metrics": [["power/on", [1]]]}, "no scalar"),
        ({"metrics": [["", 1]]}, "name is empty"),
        ({"metrics": [["x" * 301, 1]]}, "name is empty, longer"),
        ({"metrics": [["x", "y" * 4097]]}, "text"),
        ({"metrics": [["x", 1]] * 1001}, "more than 1000"),
        ({"historical": "yes"}, "historical"),
    ],
)
def test_what_is_wrong_is_named(changes, why):
    with pytest.raises(Unreadable, match=why):
        read(line(**changes))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"t": NaN}'])
def test_what_is_no_json_object_is_refused(data):
    with pytest.raises(Unreadable):
        read(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "historical"]), _JSON))
def test_any_json_is_read_or_refused(changes):
    try:
        said = read(orjson.dumps({**GOOD, **changes}))
    except Unreadable:
        return
    assert said.node
    assert all(isinstance(name, str) for name in (*dict(said.metrics), *said.samples))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    with pytest.raises(Unreadable):
        read(data)
