"""What nodes would have sent: sessions made up around the lines of a recording."""

from typing import Any

import orjson
import pytest

from hub.ingestion.messages import Message
from hub.replay.lines import Line, read
from hub.replay.voices import Told, Voices
from wire.payloads import BDSEQ

T = 1_780_286_400_000


class Teller:
    """Voices, told lines one after the other."""

    def __init__(self) -> None:
        self.voices = Voices("cpm3")
        self.number = self.newest = 0

    def __call__(
        self, kind: str, *metrics: tuple[str, Any], t: int = 0, device: str = "", historical: bool = False
    ) -> list[Told]:
        self.number += 1
        self.newest = max(self.newest, T + t)
        line = {"t": T + t, "type": kind, "node": "36030001", "device": device, "metrics": metrics}
        data = orjson.dumps({**line, "historical": historical})
        return self.voices.speak(Line(self.newest, "36030001", self.number, read(data), data))


@pytest.fixture
def tell() -> Teller:
    return Teller()


def kinds(told: list[Told]) -> list[str]:
    return [each.type.value if isinstance(each, Message) else "data" for each in told]


def test_births_and_deaths_have_sequence_numbers(tell):
    told = [
        *tell("NBIRTH"),
        *tell("DBIRTH", device="p1-tv"),
        *tell("DDATA", device="p1-tv"),
        *tell("DDEATH", device="p1-tv"),
    ]
    assert [each.payload.seq for each in told if isinstance(each, Message)] == [0, 1, 2]


def test_sequence_numbers_begin_anew_after_255(tell):
    tell("NBIRTH")
    seqs = [message.payload.seq for _ in range(300) for message in tell("DBIRTH", device="p1-tv")]
    assert seqs[253:257] == [254, 255, 0, 1]


def test_a_death_is_of_the_session_that_was_born(tell):
    [birth] = tell("NBIRTH")
    [death] = tell("NDEATH", t=1)
    assert death.payload.value(BDSEQ) == birth.payload.value(BDSEQ)
    [again] = tell("NBIRTH", t=2)
    assert again.payload.value(BDSEQ) != birth.payload.value(BDSEQ)


def test_a_number_that_was_recorded_is_kept(tell):
    [birth] = tell("NBIRTH", (BDSEQ, 7))
    [stale] = tell("NDEATH", (BDSEQ, 6), t=1)
    assert (birth.payload.value(BDSEQ), stale.payload.value(BDSEQ)) == (7, 6)
    assert kinds(tell("NDATA", t=2)) == ["data"]
    [death] = tell("NDEATH", t=3)
    assert death.payload.value(BDSEQ) == 7


def test_a_recording_may_begin_in_the_middle_of_a_session(tell):
    messages = tell("DDATA", ("power/on", True), device="p1-tv")
    assert kinds(messages) == ["NBIRTH", "data"]
    assert [metric.name for metric in messages[0].payload.metrics] == [BDSEQ]


def test_who_speaks_after_its_death_has_come_back(tell):
    tell("NBIRTH", ("Properties/os", "linux"), ("host/uptime_s", 5))
    tell("NDEATH", t=1)
    birth, data = tell("NDATA", ("host/uptime_s", 9), t=2)
    assert birth.payload.value("Properties/os") == "linux"
    assert birth.payload.value("host/uptime_s") is None
    assert data.report.values == {"host/uptime_s": 9}


def test_history_of_a_node_that_is_away_comes_with_its_next_birth(tell):
    tell("NBIRTH")
    tell("NDEATH", t=10)
    assert tell("NDATA", t=20, historical=True) == []
    messages = tell("NBIRTH", t=30)
    assert kinds(messages) == ["NBIRTH", "data"]
    assert [message.at - T for message in messages] == [30, 30]
    assert messages[1].report.t == T + 20


def test_a_straggler_is_no_sign_of_life(tell):
    tell("NBIRTH")
    tell("NDEATH", t=10)
    assert tell("NDATA", t=9) == []
    assert tell.voices.unheard == 1


def test_history_is_marked_as_such(tell):
    tell("NBIRTH", t=5)
    [message] = tell("NDATA", ("host/cpu_pct", 1.5), t=1, historical=True)
    assert message.historical
    assert message.report.t == T + 1


def test_what_a_journal_says_of_itself_is_left_out(tell):
    [birth] = tell("NBIRTH", ("Journal/Epoch", "x"), ("host/cpu_pct", 1.5))
    assert [metric.name for metric in birth.payload.metrics] == [BDSEQ, "host/cpu_pct"]
    [data] = tell("NDATA", ("Journal/Offset", 7), (BDSEQ, 7), ("host/cpu_pct", 1.5))
    assert list(data.report.values) == ["host/cpu_pct"]
