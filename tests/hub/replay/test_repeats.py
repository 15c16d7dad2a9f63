"""Which lines repeat others: of this batch, or of those that were put aside."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from hub.replay.lines import Line, read
from hub.replay.repeats import Repeats

T = 1_780_286_400_000
NODE = "36030001"


class Batches:
    """Lines as a replay looks at them, and what it puts aside."""

    def __init__(self) -> None:
        self.aside: defaultdict[int, list[bytes]] = defaultdict(list)
        self.asked: list[int] = []
        self._repeats = Repeats(self._told_for)
        self._fresh: list[Line] = []
        self._number = self._newest = 0

    def _told_for(self, t: int) -> Sequence[bytes]:
        self.asked.append(t - T)
        return self.aside[t]

    def repeats(self, *metrics: tuple[str, Any], t: int, device: str = "p1-tv", **line: Any) -> bool:
        said = {"t": T + t, "type": "DDATA", "node": NODE, "device": device, "metrics": metrics, **line}
        data = orjson.dumps(said)
        self._number += 1
        self._newest = max(self._newest, T + t)
        told = Line(self._newest, NODE, self._number, read(data), data)
        self._fresh.append(told)
        return self._repeats.is_one(told)

    def commit(self) -> None:
        for line in self._fresh:
            self.aside[line.said.t].append(line.data)
        self._fresh.clear()
        self._repeats.committed()


@pytest.fixture
def batches() -> Batches:
    return Batches()


def test_a_line_of_the_same_batch_is_known(batches: Batches) -> None:
    assert not batches.repeats(("power/on", True), t=1)
    assert batches.repeats(("power/on", True), t=1)
    assert not batches.repeats(("power/on", False), t=1)


def test_a_line_that_was_put_aside_is_known_by_its_values(batches: Batches) -> None:
    assert not batches.repeats(("power/on", True), ("signal/cnr_db", 13.0), t=1)
    batches.commit()
    assert batches.repeats(("signal/cnr_db", 13), ("power/on", True), t=1, comment="told twice")
    assert not batches.repeats(("power/on", True), t=1)


def test_what_another_device_told_for_the_same_time_is_no_repeat(batches: Batches) -> None:
    batches.repeats(("power/on", True), t=1)
    batches.commit()
    assert not batches.repeats(("power/on", True), t=1, device="p2-tv")


def test_a_birth_is_known_again(batches: Batches) -> None:
    assert not batches.repeats(("power/on", True), t=1, type="DBIRTH")
    batches.commit()
    assert batches.repeats(("power/on", True), t=1, type="DBIRTH")


def test_only_lines_of_the_past_are_looked_for(batches: Batches) -> None:
    batches.repeats(("power/on", True), t=1)
    batches.commit()
    batches.repeats(("power/on", True), t=5)
    batches.repeats(("power/on", False), t=5)
    assert not batches.asked
    batches.repeats(("power/on", True), t=3)
    assert batches.asked == [3]
