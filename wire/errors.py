"""What can be wrong with something that came over the wire. Each error carries a short `reason`, by which the hub counts it.

WireError
├── TopicError          not a topic of the Sparkplug namespace
├── PayloadError        bytes that are no Sparkplug payload
│   └── PayloadTooLarge
├── StateError          a STATE document that says neither online nor offline
├── HandoffError        a file between agent and updater that is not one
└── MetricError         one metric of an otherwise good payload
    ├── UnknownAlias    no birth announced it
    ├── WrongType       the value is not of the announced datatype
    └── UnsupportedType a datatype that this fleet has no use for (DataSet, Template, Bytes …)
"""


class WireError(Exception):
    """The peer's fault: the message is refused, and sending it again will not help."""

    reason = "wire"


class TopicError(WireError):
    reason = "topic"


class PayloadError(WireError):
    reason = "undecodable"


class PayloadTooLarge(PayloadError):
    reason = "too_large"


class StateError(WireError):
    reason = "state"


class HandoffError(WireError):
    reason = "handoff"


class MetricError(WireError):
    reason = "metric"


class UnknownAlias(MetricError):
    reason = "unknown_alias"


class WrongType(MetricError):
    reason = "wrong_type"


class UnsupportedType(MetricError):
    reason = "unsupported_type"
