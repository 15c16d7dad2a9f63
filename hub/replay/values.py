"""Values of a recording, which knows names and JSON only: each gets the type that its metric has in live traffic."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.core.reports import Sample
from wire.metrics import DataType, Value
from wire.payloads import BDSEQ
from wire.vocabulary import BY_KIND, NODE

BOOKKEEPING = ("Node Control/", "Device Control/", "Journal/", "node/")
"""Metrics between node and hub. Those of a recorded journal are dropped: its reports are numbered anew, in their order."""
_TYPES: Mapping[str, DataType] = {
    **{name: datatype for metrics in BY_KIND.values() for name, datatype in metrics.items()},
    **NODE,
}
_BY_VALUE: Mapping[type, DataType] = {
    bool: DataType.BOOLEAN,
    int: DataType.INT64,
    float: DataType.DOUBLE,
    str: DataType.STRING,
    type(None): DataType.DOUBLE,
}
_PLAIN = {DataType.BOOLEAN: bool, DataType.FLOAT: float, DataType.DOUBLE: float, DataType.STRING: str}
AS_IT_IS: Mapping[str, Mapping[type, DataType]] = {
    name: {_PLAIN.get(datatype, int): datatype, type(None): datatype} for name, datatype in _TYPES.items()
}
"""By name and type: most values need no second look. JSON has no whole numbers beyond 64 bits, and the store takes all below."""
_NONE: Mapping[type, DataType] = {}
_INT32, _INT64 = 1 << 31, 1 << 63


def typed(name: str, value: Value) -> tuple[Value, DataType]:
    """The value as its metric has it, by the vocabulary where it fits, else as it stands."""
    datatype = AS_IT_IS.get(name, _NONE).get(type(value))
    if datatype is not None:
        return value, datatype
    datatype = _TYPES.get(name)
    if datatype is not None:
        fitting = _FITTING[datatype](value)
        if fitting is not None:
            return fitting, datatype
    if type(value) is int and not -_INT64 <= value < _INT64:
        value = float(value)
    return value, _BY_VALUE[type(value)]


def samples(metrics: Sequence[Sequence[Any]]) -> dict[str, Sample]:
    """Those that are values of equipment, of pairs of name and value."""
    return {
        name: Sample(*typed(name, value))
        for name, value in metrics
        if name != BDSEQ and not name.startswith(BOOKKEEPING)
    }


def _float(value: Value) -> Value:
    return float(value) if type(value) is float or type(value) is int else None


def _whole(low: int, high: int) -> Callable[[Value], Value]:
    def fitting(value: Value) -> Value:
        if type(value) is float and value.is_integer():
            value = int(value)
        return value if type(value) is int and low <= value < high else None

    return fitting


_FITTING: Mapping[DataType, Callable[[Value], Value]] = {
    DataType.FLOAT: _float,
    DataType.DOUBLE: _float,
    DataType.BOOLEAN: lambda value: bool(value) if value in (0, 1) else None,
    DataType.STRING: lambda value: value if type(value) is str else None,
    DataType.INT64: _whole(-_INT64, _INT64),
    DataType.UINT64: _whole(0, _INT64),
    DataType.INT32: _whole(-_INT32, _INT32),
}
