"""One line of a recording: read, checked, and named by what is wrong with it.

There are millions of them, so they are checked by hand and kept as plain tuples. What they mean is left to voices.py, but for
the values of data: what names and types they have is checked and told in one look.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from hub.core.reports import Sample
from hub.ingestion.messages import MAX_ID
from hub.ingestion.samples import EARLIEST, MAX_METRICS, MAX_NAME, MAX_TEXT
from hub.replay.values import AS_IT_IS, samples
from wire.metrics import Value

MAX_LINE = 1024 * 1024
LATEST = 7_258_118_400_000
"""The year 2200: beyond it no calendar of ours goes."""
NODE_KINDS = frozenset(("NBIRTH", "NDATA", "NDEATH"))
DEVICE_KINDS = frozenset(("DBIRTH", "DDATA", "DDEATH"))
DATA = frozenset(("NDATA", "DDATA"))
DEATHS = frozenset(("NDEATH", "DDEATH"))
_new = tuple.__new__
"""Makes a named tuple of a tuple, without a look at its fields."""
_ESCAPE = b"\\"
"""Without it JSON cannot write the zero character, which no text may hold."""
_NONE: Mapping[str, Sample] = {}


class Unreadable(Exception):
    """A line that is skipped; `str` says why."""


class Said(NamedTuple):
    """What a line says.

    device   empty for the node itself
    metrics  of a birth or death, pairs of name and value
    samples  of data
    """

    t: int
    kind: str
    node: str
    device: str
    metrics: Sequence[Sequence[Any]]
    historical: bool
    samples: Mapping[str, Sample]


class Line(NamedTuple):
    """A line in its place. Compares by that: `at`, node, number, which no two lines share.

    at      its effective arrival: the newest time that its node had named by then, ms
    number  counted from 1
    data    as the file has it
    """

    at: int
    node: str
    number: int
    said: Said
    data: bytes


def read(data: bytes) -> Said:
    """Raises Unreadable."""
    try:
        line = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"no JSON: {error}") from None
    if type(line) is not dict:
        raise Unreadable("no JSON object")
    kind: Any = line.get("type")
    t: Any = line.get("t")
    if type(t) is not int or not EARLIEST <= t <= LATEST:
        t = _time(t)
    device = _device(kind, line)
    metrics: Any = line.get("metrics")
    values: Mapping[str, Sample] = _NONE
    if kind in DATA:
        metrics, values = (), _samples(metrics, data)
    elif metrics is None and kind in DEATHS:
        metrics = ()
    else:
        _check_metrics(metrics)
    historical = "historical" in line and _historical(line)
    return _new(Said, (t, kind, _id("node", line.get("node")), device, metrics, historical, values))


def _time(t: Any) -> int:
    if type(t) is float and t.is_integer():
        t = int(t)
    if type(t) is not int:
        raise Unreadable("t is no number of milliseconds")
    if not EARLIEST <= t <= LATEST:
        raise Unreadable(f"t is {t}: not between the years 2020 and 2200 in ms")
    return t


def _device(kind: Any, line: dict[str, Any]) -> str:
    device = line.get("device")
    if type(kind) is str and kind in DEVICE_KINDS:
        return _id("device", device)
    if type(kind) is not str or kind not in NODE_KINDS:
        raise Unreadable(f"type {kind!r:.40} is none of NBIRTH NDATA NDEATH DBIRTH DDATA DDEATH")
    if device:
        raise Unreadable(f"{kind} takes no device")
    return ""


def _id(what: str, name: Any) -> str:
    if type(name) is not str or not name:
        raise Unreadable(f"{what} is missing")
    if len(name) > MAX_ID or "\0" in name:
        raise Unreadable(f"{what} is longer than {MAX_ID} characters, or holds a zero character")
    return name


def _historical(line: dict[str, Any]) -> bool:
    historical = line.get("historical", False)
    if historical is not True and historical is not False and historical is not None:
        raise Unreadable("historical is neither true nor false")
    return historical is True


def _samples(metrics: Any, data: bytes) -> Mapping[str, Sample]:
    """Nearly always all are of the vocabulary, and as it has them: then one look at each does. A short line has no long text."""
    if type(metrics) is list and len(metrics) <= MAX_METRICS and len(data) <= MAX_TEXT and _ESCAPE not in data:
        try:
            return {name: _new(Sample, (value, AS_IT_IS[name][type(value)], None)) for name, value in metrics}
        except (KeyError, TypeError, ValueError):
            # Another is among them.
            pass
    _check_metrics(metrics)
    return samples(metrics)


def _check_metrics(metrics: Any) -> None:
    if type(metrics) is not list:
        raise Unreadable("metrics is no list")
    if len(metrics) > MAX_METRICS:
        raise Unreadable(f"more than {MAX_METRICS} metrics")
    for pair in metrics:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise Unreadable(f"a metric is no pair of name and value: {pair!r:.60}")
        _check_metric(*pair)


def _check_metric(name: str, value: Value) -> None:
    if not name or len(name) > MAX_NAME or "\0" in name:
        raise Unreadable(f"a metric's name is empty, longer than {MAX_NAME} characters, or holds a zero character")
    if isinstance(value, list | dict):
        raise Unreadable(f"{name:.60} has no scalar value")
    if isinstance(value, str) and (len(value) > MAX_TEXT or "\0" in value):
        raise Unreadable(f"{name:.60} has a text of more than {MAX_TEXT} characters, or with a zero character")
