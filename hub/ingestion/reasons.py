"""Why something that came in was refused, wholly or in part. The values are stable: dashboards count by them.

What is wrong on the wire itself has its names in wire.errors; they stand here once more, so that the list is whole.
"""

from enum import StrEnum


class Reason(StrEnum):
    TOPIC = "topic"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    UNKNOWN_ALIAS = "unknown_alias"
    WRONG_TYPE = "wrong_type"
    UNSUPPORTED_TYPE = "unsupported_type"
    ID = "id"
    """A group, node or device id that is longer than we keep."""
    RETAINED = "retained"
    """A message from the broker's memory: births and data are never retained."""
    BEFORE_BIRTH = "before_birth"
    NO_SEQ = "no_seq"
    SEQ_GAP = "seq_gap"
    """A message is missing and did not come in time."""
    SEQ_LATE = "seq_late"
    """A message that came after its place was given up, or came twice."""
    NO_BDSEQ = "no_bdseq"
    STALE_DEATH = "stale_death"
    NOT_FINITE = "not_finite"
    TIMESTAMP = "timestamp"
    TEXT = "text"
    """A name or value that is too long or holds a zero character."""
    TOO_MANY = "too_many"
    """More metrics in one message than we keep."""
    JOURNAL = "journal"
    """Journal metrics that contradict each other."""
    OFFSET = "offset"
    """A report without a usable journal offset from a node that has a journal."""
    UNSTORABLE = "unstorable"
    """The store refused it, and it alone."""
    INTERNAL = "internal"
    """It met a mistake of ours; the log has the traceback."""
    QUEUE_FULL = "queue_full"
    FLOOD = "flood"
    """One node has more waiting than its share of what may wait."""
