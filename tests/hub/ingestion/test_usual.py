"""DATA as it usually comes says the same in one pass as on the long way."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import NodeKey
from hub.ingestion.messages import Message, Refusal
from hub.ingestion.reasons import Reason
from hub.ingestion.rebirths import RebirthPace
from hub.ingestion.stages import understand
from hub.ingestion.tracker import Session
from hub.ingestion.usual import as_usual
from wire import controls
from wire.metrics import DataType, Metric
from wire.payloads import Payload, decode, encode
from wire.topics import MessageType

T0 = 1_790_000_000_000
NODE = NodeKey("cpm3", "36030001")
TYPES = {1: DataType.FLOAT, 2: DataType.BOOLEAN, 3: DataType.INT32, 4: DataType.STRING, 5: DataType.DOUBLE}
OFFSET_ALIAS = 9
VALUES = st.none() | st.floats(width=32) | st.booleans() | st.integers(-(1 << 40), 1 << 40) | st.text(max_size=4)


def born() -> Session:
    """A session in which a television was born."""
    session = Session(NODE, RebirthPace(str(NODE), 10_000, 600_000))
    declared = [
        Metric(controls.JOURNAL_EPOCH, "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a001", DataType.STRING),
        Metric(controls.JOURNAL_OLDEST, 1, DataType.UINT64),
        Metric(controls.JOURNAL_NEWEST, 0, DataType.UINT64),
    ]
    told = [Metric(f"a/{alias}", None, datatype, T0, alias) for alias, datatype in TYPES.items()]
    told.append(Metric(controls.JOURNAL_OFFSET, None, DataType.UINT64, T0, OFFSET_ALIAS))
    told.append(Metric("Node Control/Odd", None, DataType.BOOLEAN, T0, 7))
    for kind, device, metrics in ((MessageType.NBIRTH, None, declared), (MessageType.DBIRTH, "p1-tv", told)):
        understand(Message(NODE, kind, device, Payload(tuple(metrics), T0, 0), T0), session, lambda _reason: None)
    return session


BORN = born()


def outcome(message: Message) -> tuple[Any, ...]:
    session, refused = deepcopy(BORN), list[Reason]()
    try:
        facts: Any = understand(message, session, refused.append)
    except Refusal as refusal:
        facts = refusal.reason
    return str(facts), refused, session.newest, session.rebirth.wanted


def data(*metrics: Metric, device: str = "p1-tv") -> Message:
    body = encode(metrics, timestamp=T0, seq=1, datatypes=False)
    return Message(NODE, MessageType.DDATA, device, decode(body), T0 + 500)


def numbered(offset: int | None = 1) -> Metric:
    return Metric(None, offset, DataType.UINT64, T0, OFFSET_ALIAS)


@st.composite
def said(draw: st.DrawFn) -> Message:
    metrics = []
    for alias in draw(st.lists(st.integers(1, 8), max_size=5)):
        value = draw(VALUES)
        kinds = {bool: DataType.BOOLEAN, int: DataType.INT64, str: DataType.STRING, type(None): DataType.FLOAT}
        t = draw(st.sampled_from([T0, T0, T0, T0 + 1, None, 5, T0 * 3]))
        metrics.append(Metric(None, value, kinds.get(type(value), DataType.FLOAT), t, alias, draw(st.booleans())))
    metrics += [numbered(draw(st.sampled_from([1, 2, 0, None, 1 << 50])))] * draw(st.sampled_from([1, 1, 0, 2]))
    return data(*draw(st.permutations(metrics)), device=draw(st.sampled_from(["p1-tv", "p2-tv"])))


@given(said())
def test_it_says_the_same_as_on_the_long_way(message: Message) -> None:
    read = Payload(message.payload.metrics, message.payload.timestamp, message.payload.seq, message.payload.refused)
    assert outcome(message) == outcome(message._replace(payload=read))


def test_a_report_whose_values_have_one_time_is_usual() -> None:
    message = data(Metric(None, 2.5, DataType.FLOAT, T0, 1), Metric(None, None, DataType.BOOLEAN, T0, 2), numbered())
    fact = as_usual(message, deepcopy(BORN))
    assert fact is not None
    assert (fact.report.offset, fact.report.t, fact.report.values) == (1, T0, {"a/1": 2.5, "a/2": None})


@pytest.mark.parametrize(
    "metrics",
    [
        [Metric(None, 2.5, DataType.FLOAT, T0, 1)],
        [numbered()],
        [numbered(), Metric(None, 2.5, DataType.FLOAT, T0, 1), Metric(None, True, DataType.BOOLEAN, T0 + 1, 2)],
        [numbered(), Metric(None, 2.5, DataType.FLOAT, T0, 1), Metric(None, 2.0, DataType.FLOAT, T0, 1)],
        [numbered(), Metric(None, float("nan"), DataType.FLOAT, T0, 1)],
        [numbered(), Metric(None, 3, DataType.INT32, T0, 1)],
        [numbered(), Metric(None, True, DataType.BOOLEAN, T0, 7)],
        [numbered(), Metric("a/1", 2.5, DataType.FLOAT, T0)],
        [numbered(1 << 50), Metric(None, 2.5, DataType.FLOAT, T0, 1)],
    ],
)
def test_anything_else_is_not(metrics: list[Metric]) -> None:
    assert as_usual(data(*metrics), deepcopy(BORN)) is None
