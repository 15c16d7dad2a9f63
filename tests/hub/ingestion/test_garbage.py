"""Garbage on every topic: nothing dies of it, all of it is counted, and good nodes go on."""

import math
import random
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ingestion.arrivals import Arrival
from hub.ingestion.reasons import Reason
from tests.abuse import times
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, encode
from wire.topics import MessageType

T0 = 1_790_000_000_000
DAY = 86_400_000
EXAMPLES, PER_EXAMPLE = 50, 200
TARGETS = ["36030001", "good", "nobody", "x" * 900, "ไทย", "bad node", "-", "…"]
FAR = [0, 1, T0 - 20 * 365 * DAY, T0 + 2 * DAY, (1 << 63) - 1, (1 << 64) - 1]
WORDS = [
    "host/cpu_pct",
    "Journal/Offset",
    "Journal/Epoch",
    "Properties/kind",
    BDSEQ,
    "\0",
    "x" * 5000,
    "Node Control/Rebirth",
    "",
]
VALUES: list[tuple[DataType, Any]] = [
    (DataType.FLOAT, math.nan),
    (DataType.DOUBLE, -math.inf),
    (DataType.FLOAT, 1e30),
    (DataType.INT64, -(1 << 63)),
    (DataType.UINT64, (1 << 64) - 1),
    (DataType.STRING, "y" * 10_000),
    (DataType.STRING, "zero \0 inside"),
    (DataType.BOOLEAN, True),
    (DataType.STRING, None),
    (DataType.UUID, "not a uuid"),
]


class Vandal:
    """Makes garbage, the same for the same seed. Some of it may happen to be fine."""

    def __init__(self, seed: int, real: list[bytes]) -> None:
        self.dice, self.real = random.Random(seed), real

    def arrival(self) -> Arrival:
        return Arrival(self.topic(), self.payload(), T0, self.dice.random() < 0.05)

    def topic(self) -> str:
        if self.dice.random() < 0.1:
            return self.dice.choice(
                ["", "/", "spBv1.0", "spBv1.0/dltv/NBIRTH", "spBv1.0/STATE/x", "a/b/c/d/e/f", "spBv1.0/dltv/XDATA/n"]
            )
        kind = self.dice.choice(list(MessageType))
        device = "/" + self.dice.choice(["p1-tv", "p9-other", "", "z" * 300]) if self.dice.random() < 0.5 else ""
        return f"spBv1.0/dltv/{kind.value}/{self.dice.choice(TARGETS)}{device}"

    def payload(self) -> bytes:
        return self.dice.choice([self.rubbish, self.mutated, self.odd, self.odd])()

    def rubbish(self) -> bytes:
        return self.dice.randbytes(self.dice.choice([0, 1, 7, 100, 3000]))

    def mutated(self) -> bytes:
        data = bytearray(self.dice.choice(self.real))
        for _ in range(self.dice.randint(1, 6)):
            at = self.dice.randrange(len(data)) if data else 0
            data[at : at + self.dice.randint(0, 2)] = self.dice.randbytes(self.dice.randint(0, 2))
        return bytes(data)

    def odd(self) -> bytes:
        metrics = [self.metric() for _ in range(self.dice.randint(0, 8))]
        seq = self.dice.choice([None, 0, 1, 255, 256, 1 << 40])
        timestamp = self.dice.choice([None, T0, *FAR])
        return encode(metrics, timestamp=timestamp, seq=seq, datatypes=self.dice.random() < 0.6)

    def metric(self) -> Metric:
        datatype, value = self.dice.choice(VALUES)
        name = self.dice.choice([None, *WORDS])
        alias = self.dice.choice([None, 0, 1, 2, 3, 99, (1 << 64) - 1])
        return Metric(name, value, datatype, self.dice.choice([None, T0, *FAR]), alias, self.dice.random() < 0.2)


@settings(max_examples=times(EXAMPLES), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32))
def test_ten_thousand_payloads_kill_nothing_and_good_nodes_go_on(new_hub: Any, new_node: Any, seed: int) -> None:
    hub, good = new_hub(), new_node("99990009")
    real = [
        good.nbirth().payload,
        good.dbirth().payload,
        good.report(1, host__cpu_pct=2.0).payload,
        good.ndeath().payload,
    ]
    vandal = Vandal(seed, real)
    good.newest = 0
    hub.hears(good.nbirth(), good.dbirth(), new_node("good").nbirth())
    for number in range(1, PER_EXAMPLE // 20 + 1):
        hub.hears(*(vandal.arrival() for _ in range(20)), good.report(number, host__cpu_pct=float(number)))
    assert hub.offsets(good) == [(good.epoch, number) for number in range(1, number + 1)]
    assert hub.row("node", name="99990009")["online"]
    assert hub.rejected(Reason.INTERNAL) == hub.rejected(Reason.UNSTORABLE) == 0
    assert sum(hub.rejected(reason) for reason in Reason) >= PER_EXAMPLE / 4


def nan() -> bytes:
    return struct.pack("<f", math.nan)


NAMED: dict[Reason, tuple[str, bytes]] = {
    Reason.TOPIC: ("spBv1.0/dltv/NBIRTH", b""),
    Reason.UNDECODABLE: ("spBv1.0/dltv/NDATA/36030001", b"\xff\xff\xff"),
    Reason.TOO_LARGE: ("spBv1.0/dltv/NDATA/36030001", b"\0" * 1024 * 1024),
    Reason.ID: ("spBv1.0/dltv/NDATA/" + "x" * 201, b""),
    Reason.BEFORE_BIRTH: ("spBv1.0/dltv/DDATA/nobody/p1-tv", encode([], timestamp=T0, seq=3)),
    Reason.NO_SEQ: ("spBv1.0/dltv/NDATA/36030001", encode([], timestamp=T0)),
    Reason.SEQ_LATE: ("spBv1.0/dltv/NDATA/36030001", encode([], timestamp=T0, seq=0)),
    Reason.NO_BDSEQ: ("spBv1.0/dltv/NDEATH/36030001", b""),
    Reason.STALE_DEATH: ("spBv1.0/dltv/NDEATH/36030001", encode([Metric(BDSEQ, 77, DataType.INT64)], timestamp=None)),
    Reason.UNKNOWN_ALIAS: (
        "spBv1.0/dltv/NDATA/36030001",
        encode([Metric(None, 1.0, DataType.FLOAT, alias=999)], timestamp=T0, seq=1, datatypes=False),
    ),
    Reason.OFFSET: ("spBv1.0/dltv/NDATA/36030001", encode([], timestamp=T0, seq=1)),
}


@pytest.mark.parametrize("reason", NAMED, ids=str)
def test_what_is_refused_is_counted_by_its_reason(hub: Any, node: Any, reason: Reason) -> None:
    hub.hears(node.nbirth())
    topic, payload = NAMED[reason]
    hub.hears(Arrival(topic, payload, T0))
    assert {each for each in Reason if hub.rejected(each)} == {reason}
    assert hub.rejected(reason) == 1


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        (Metric("a", math.nan, DataType.FLOAT), Reason.NOT_FINITE),
        (Metric("a", math.inf, DataType.DOUBLE), Reason.NOT_FINITE),
        (Metric("a", "\0", DataType.STRING), Reason.TEXT),
        (Metric("a", "x" * 5000, DataType.STRING), Reason.TEXT),
        (Metric("a" * 301, 1, DataType.INT64), Reason.TEXT),
        (Metric("a", 1, DataType.INT64, timestamp=T0 + 2 * DAY), Reason.TIMESTAMP),
        (Metric("a", 1, DataType.INT64, timestamp=5), Reason.TIMESTAMP),
    ],
)
def test_a_bad_value_spoils_only_itself(hub: Any, node: Any, metric: Metric, reason: Reason) -> None:
    hub.hears(node.nbirth(T0, metric, Metric("b", 7, DataType.INT64)))
    latest = hub.row("device", key="")["latest"]
    assert hub.rejected(reason) == 1
    assert latest["b"] == [7, T0]
    assert ("a" in latest) is (reason is Reason.TIMESTAMP)


def test_a_time_that_cannot_be_true_is_replaced_by_the_arrival(hub: Any, node: Any) -> None:
    hub.hears(node.nbirth(), node.report(1, 1_000, host__cpu_pct=2.0))
    assert [t for epoch, _, _, t, _ in hub.reports() if epoch == node.epoch] == [1_000]
    assert hub.rejected(Reason.TIMESTAMP) > 0


@pytest.mark.parametrize("kind", ["NCMD", "DCMD"])
def test_commands_of_others_are_no_mistake(hub: Any, kind: str) -> None:
    hub.hears(Arrival(f"spBv1.0/dltv/{kind}/36030001" + ("/p1-tv" if kind == "DCMD" else ""), b"\xff", T0))
    hub.hears(Arrival("spBv1.0/STATE/other", b"{}", T0))
    assert sum(hub.rejected(reason) for reason in Reason) == 0


def test_a_birth_from_the_broker_s_memory_is_not_believed(hub: Any, node: Any) -> None:
    birth = node.nbirth()
    hub.hears(Arrival(birth.topic, birth.payload, T0, retained=True))
    assert hub.rejected(Reason.RETAINED) == 1
    assert hub.count("node") == 0
