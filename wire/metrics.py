"""One metric: its datatype, its value, and how both stand in protobuf.

Signed integers travel as two's complement in unsigned fields (Sparkplug 3.0, chapter 6, "Data Types").
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

from wire.errors import UnsupportedType, WrongType

Value = bool | int | float | str | None


class DataType(IntEnum):
    """Sparkplug's codes of the scalar types."""

    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14
    UUID = 15


_OF_CODE: dict[int, DataType] = {datatype.value: datatype for datatype in DataType}


class Metric(NamedTuple):
    """A named value. `value` None means that there is none (Sparkplug's is_null). A named tuple, which is made in C.

    name       absent where an alias stands for it
    datatype   absent in DATA and CMD; then `value` is as it came and AliasTable.resolve gives it its type
    timestamp  ms since 1970 UTC
    """

    name: str | None
    value: Value
    datatype: DataType | None = None
    timestamp: int | None = None
    alias: int | None = None
    is_historical: bool = False


_BITS = {
    DataType.INT8: 8,
    DataType.INT16: 16,
    DataType.INT32: 32,
    DataType.INT64: 64,
    DataType.UINT8: 8,
    DataType.UINT16: 16,
    DataType.UINT32: 32,
    DataType.UINT64: 64,
    DataType.DATETIME: 64,
}
_SIGNED = {DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64}
_REAL = {DataType.FLOAT, DataType.DOUBLE}
_WIDE = {DataType.INT64, DataType.UINT64, DataType.DATETIME}


def _integer(datatype: DataType) -> Callable[[Any], int]:
    bits, signed = _BITS[datatype], datatype in _SIGNED
    # Int8 and Int16 come sign-extended to 32 bits from some encoders and bare from others: both are read.
    carrier = 64 if datatype in _WIDE else 32
    high = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1

    def read(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise WrongType(f"{raw!r:.40} is no {datatype.name}")
        return _fitting(raw - (1 << (carrier if raw >> bits else bits)) if signed and raw > high else raw, datatype)

    return read


def _fitting(number: int, datatype: DataType) -> int:
    bits = _BITS[datatype]
    low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if datatype in _SIGNED else (0, 1 << bits)
    if not low <= number < high:
        raise WrongType(f"{number} does not fit {datatype.name}")
    return number


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise WrongType(f"{raw!r:.40} is no number")
    return float(raw)


def _exactly(wanted: type) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        if not isinstance(raw, wanted):
            raise WrongType(f"{raw!r:.40} is no {wanted.__name__}")
        return raw

    return read


_READ: dict[DataType, Callable[[Any], Any]] = {
    **{datatype: _integer(datatype) for datatype in _BITS},
    DataType.FLOAT: _number,
    DataType.DOUBLE: _number,
    DataType.BOOLEAN: _exactly(bool),
    DataType.STRING: _exactly(str),
    DataType.TEXT: _exactly(str),
    DataType.UUID: _exactly(str),
}

_FIELD = {
    **{datatype: "long_value" if datatype in _WIDE else "int_value" for datatype in _BITS},
    DataType.FLOAT: "float_value",
    DataType.DOUBLE: "double_value",
    DataType.BOOLEAN: "boolean_value",
    DataType.STRING: "string_value",
    DataType.TEXT: "string_value",
    DataType.UUID: "string_value",
}


_EXACT = {DataType.FLOAT, DataType.DOUBLE, DataType.BOOLEAN, DataType.STRING, DataType.TEXT, DataType.UUID}
"""What stands in its field as it is meant."""


def field_of(datatype: DataType) -> str:
    """Where protobuf keeps a value of this type."""
    return _FIELD[datatype]


def reader_of(datatype: DataType) -> Callable[[Any], Any] | None:
    """What is to be done with the value in that field; None: nothing."""
    return None if datatype in _EXACT else _READ[datatype]


def typed(raw: Value, datatype: DataType) -> Value:
    """`raw`, as it stood in protobuf, as a value of `datatype`. Raises WrongType."""
    if type(raw) is int and datatype in _REAL:
        # It stood in a field for whole numbers: the peer means something else than what it announced.
        raise WrongType(f"{raw} came as a whole number and not as {datatype.name}")
    return fitted(raw, datatype)


def fitted(value: Value, datatype: DataType) -> Value:
    """The same for a value of our own, where a whole number will do for a FLOAT."""
    return None if value is None else _READ[datatype](value)


def write_value(into: Any, value: Value, datatype: DataType) -> None:
    """Put `value` into a protobuf metric. Raises WrongType for a value that is not of `datatype`."""
    if value is None:
        into.is_null = True
        return
    if datatype not in _BITS:
        setattr(into, _FIELD[datatype], _READ[datatype](value))
    elif isinstance(value, int) and not isinstance(value, bool):
        carrier = 64 if datatype in _WIDE else 32
        setattr(into, _FIELD[datatype], _fitting(value, datatype) % (1 << carrier))
    else:
        raise WrongType(f"{value!r:.40} is no {datatype.name}")


def read_metric(message: Any) -> Metric:
    """A protobuf metric as a Metric. Raises UnsupportedType or WrongType."""
    # Most fields of most metrics are there: to read one is cheaper than to ask whether it is.
    code = message.datatype or (0 if message.HasField("datatype") else None)
    datatype = None if code is None else _OF_CODE.get(code)
    if datatype is None and code is not None:
        raise UnsupportedType(f"datatype {code}")
    raw = _raw(message)
    name = message.name or ("" if message.HasField("name") else None)
    if isinstance(name, bytes):
        # So protobuf hands out a string that is not UTF-8.
        raise WrongType(f"a name that is no text: {name[:40]!r}")
    return Metric(
        name=name,
        value=raw if datatype is None else typed(raw, datatype),
        datatype=datatype,
        timestamp=message.timestamp or (0 if message.HasField("timestamp") else None),
        alias=message.alias or (0 if message.HasField("alias") else None),
        is_historical=message.is_historical,
    )


def _raw(message: Any) -> Value:
    if message.is_null:
        return None
    field = message.WhichOneof("value")
    if field is None or field == "bytes_value":
        raise UnsupportedType("no scalar value")
    return getattr(message, field)  # type: ignore[no-any-return]
