"""Every line of a recording keeps to the contract: names and types of the vocabulary, sessions as Sparkplug has them."""

from collections import Counter
from pathlib import Path
from typing import Any

from simulator.evaluation.plain_rule import read_recording
from wire.metrics import DataType
from wire.topics import MessageType
from wire.vocabulary import BY_KIND, DEVICE_PROPERTIES, NODE, NODE_PROPERTIES

TYPES = {DataType.BOOLEAN: bool, DataType.STRING: str, DataType.FLOAT: float, DataType.DOUBLE: float}


def _fits(value: object, expected: DataType) -> bool:
    return value is None or type(value) is TYPES.get(expected, int)


def test_every_metric_is_of_the_vocabulary_and_of_its_type(recording: Path) -> None:
    kinds: dict[tuple[str, str], str] = {}
    wrong: Counter[str] = Counter()
    for line in read_recording(recording):
        metrics = dict(line["metrics"])
        assert len(metrics) == len(line["metrics"])
        device = line.get("device")
        if device is not None and "Properties/kind" in metrics:
            kinds[(line["node"], device)] = metrics["Properties/kind"]
        names = BY_KIND[kinds[(line["node"], device)]] if device else NODE
        properties = DEVICE_PROPERTIES if device else NODE_PROPERTIES
        for name, value in metrics.items():
            if name in properties:
                wrong[name] += not isinstance(value, str)
            else:
                wrong[name] += name not in names or not _fits(value, names[name])
    assert +wrong == {}


def test_a_node_is_born_before_it_speaks_and_silent_after_its_death(recording: Path) -> None:
    alive: set[str] = set()
    for line in read_recording(recording):
        if line["type"] == "NBIRTH":
            alive.add(line["node"])
        assert line["node"] in alive, line
        if line["type"] == "NDEATH":
            alive.remove(line["node"])


def test_a_device_has_live_data_only_between_its_birth_and_its_death(recording: Path) -> None:
    alive: set[tuple[str, str]] = set()
    for line in read_recording(recording):
        node, device = line["node"], line.get("device")
        if line["type"] in ("NBIRTH", "NDEATH"):
            alive = {each for each in alive if each[0] != node}
        elif line["type"] == "DBIRTH":
            if dict(line["metrics"])["device/reachable"]:
                alive.add((node, device))
        elif line["type"] == "DDATA" and not line.get("historical"):
            assert (node, device) in alive, line
        elif line["type"] == "DDEATH":
            alive.remove((node, device))


def test_live_reports_of_a_node_arrive_in_the_order_of_their_time(recording: Path) -> None:
    last: dict[str, int] = {}
    for line in read_recording(recording):
        if not line.get("historical"):
            assert line["t"] >= last.get(line["node"], 0), line
            last[line["node"]] = line["t"]


def test_what_comes_late_is_marked_and_older_than_the_birth_before_it(recording: Path) -> None:
    born: dict[str, int] = {}
    late = 0
    for line in read_recording(recording):
        if line["type"] == "NBIRTH":
            born[line["node"]] = line["t"]
        if line.get("historical"):
            late += 1
            assert line["type"] in ("NDATA", "DDATA")
            assert line["t"] <= born[line["node"]]
    assert late > 100


def test_reports_interleave_with_late_ones(recording: Path) -> None:
    before: dict[str, bool] = {}
    changes: Counter[str] = Counter()
    for line in read_recording(recording):
        late = bool(line.get("historical"))
        changes[line["node"]] += before.get(line["node"], False) and not late
        before[line["node"]] = late
    assert max(changes.values()) >= 2


def test_an_answering_set_is_heard_of_at_every_heartbeat(recording: Path) -> None:
    """No more than a heartbeat and two of the slowest polls lie between two reports of a device that answers."""
    last: dict[tuple[str, str], int] = {}
    for line in read_recording(recording):
        if line["type"] not in ("DBIRTH", "DDATA", "DDEATH", "NDEATH", "NBIRTH"):
            continue
        node, device = line["node"], line.get("device")
        if device is None:
            last = {key: t for key, t in last.items() if key[0] != node}
            continue
        if line.get("historical"):
            continue
        t = last.pop((node, device), line["t"])
        assert line["t"] - t <= 420_000, line
        if line["type"] != "DDEATH" and dict(line["metrics"]).get("device/reachable") is not False:
            last[(node, device)] = line["t"]


def test_the_types_are_those_of_sparkplug(recording: Path) -> None:
    seen = {line["type"] for line in read_recording(recording)}
    assert seen == {"NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"} <= {each.value for each in MessageType}


def test_every_device_of_the_inventory_is_born_and_no_other(recording: Path, inventory: dict[str, Any]) -> None:
    listed = {(each.get("node", each["school"]), each["device"]) for each in inventory["devices"]}
    born = {(line["node"], line["device"]) for line in read_recording(recording) if line["type"] == "DBIRTH"}
    assert born == listed
