"""The Sparkplug B payload as a table of fields, and the protobuf class that is built from it at run time.

Field numbers and types: Sparkplug 3.0.0, chapter 6 and appendix "Protocol Buffer schema" (proto2). The fields of the types
that this fleet has no use for (metadata, properties, DataSet, Template) are left out; protobuf skips them when it reads.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

_Field = descriptor_pb2.FieldDescriptorProto

_METRIC: list[tuple[int, str, int]] = [
    (1, "name", _Field.TYPE_STRING),
    (2, "alias", _Field.TYPE_UINT64),
    (3, "timestamp", _Field.TYPE_UINT64),
    (4, "datatype", _Field.TYPE_UINT32),
    (5, "is_historical", _Field.TYPE_BOOL),
    (6, "is_transient", _Field.TYPE_BOOL),
    (7, "is_null", _Field.TYPE_BOOL),
]
_METRIC_VALUE: list[tuple[int, str, int]] = [
    (10, "int_value", _Field.TYPE_UINT32),
    (11, "long_value", _Field.TYPE_UINT64),
    (12, "float_value", _Field.TYPE_FLOAT),
    (13, "double_value", _Field.TYPE_DOUBLE),
    (14, "boolean_value", _Field.TYPE_BOOL),
    (15, "string_value", _Field.TYPE_STRING),
    (16, "bytes_value", _Field.TYPE_BYTES),
]
_PAYLOAD: list[tuple[int, str, int]] = [
    (1, "timestamp", _Field.TYPE_UINT64),
    (3, "seq", _Field.TYPE_UINT64),
    (4, "uuid", _Field.TYPE_STRING),
    (5, "body", _Field.TYPE_BYTES),
]


def _payload_class() -> type[Message]:
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package="spb", syntax="proto2")
    metric = file.message_type.add(name="Metric")
    metric.oneof_decl.add(name="value")
    for number, name, kind in _METRIC:
        metric.field.add(number=number, name=name, type=kind, label=_Field.LABEL_OPTIONAL)
    for number, name, kind in _METRIC_VALUE:
        metric.field.add(number=number, name=name, type=kind, label=_Field.LABEL_OPTIONAL, oneof_index=0)
    payload = file.message_type.add(name="Payload")
    for number, name, kind in _PAYLOAD:
        payload.field.add(number=number, name=name, type=kind, label=_Field.LABEL_OPTIONAL)
    payload.field.add(
        number=2,
        name="metrics",
        type=_Field.TYPE_MESSAGE,
        type_name=".spb.Metric",
        label=_Field.LABEL_REPEATED,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("spb.Payload"))


_Payload = _payload_class()


def new_payload() -> Any:
    """An empty payload message, to be filled and serialised."""
    return _Payload()


def parse_payload(data: bytes) -> Any:
    """The payload message in these bytes. Raises google.protobuf.message.DecodeError."""
    return _Payload.FromString(data)
