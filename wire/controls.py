"""Our own metrics of the protocol: the journal's bookkeeping and the commands that a hub may send to a node.

What they mean stands in docs/adr/0002. No `Node Control/*` metric has an alias, so that a hub can command a node whose birth
it has not seen (tck-id-operational-behavior-data-commands-rebirth-name-aliases asks it of Rebirth).
"""

from wire.metrics import DataType, Metric, Value

REBIRTH = "Node Control/Rebirth"
REPLAY_FROM = "Node Control/Replay From"
REPLAY_TO = "Node Control/Replay To"
JOURNAL_ACK = "Node Control/Journal Ack"
POLL_NOW = "Node Control/Poll Now"
CONFIG_VERSION = "Node Control/Config Version"
UPDATE_TO = "Node Control/Update To"

JOURNAL_EPOCH = "Journal/Epoch"
JOURNAL_OLDEST = "Journal/Oldest"
JOURNAL_NEWEST = "Journal/Newest"
JOURNAL_OFFSET = "Journal/Offset"
JOURNAL_LOST = "Journal/Lost"

CONTROLS: dict[str, DataType] = {
    REBIRTH: DataType.BOOLEAN,
    REPLAY_FROM: DataType.UINT64,
    REPLAY_TO: DataType.UINT64,
    JOURNAL_ACK: DataType.UINT64,
    POLL_NOW: DataType.BOOLEAN,
    CONFIG_VERSION: DataType.STRING,
    UPDATE_TO: DataType.STRING,
}
_AT_REST: dict[str, Value] = {REBIRTH: False, POLL_NOW: False}


def declarations(timestamp: int) -> list[Metric]:
    """The control metrics as an NBIRTH lists them."""
    return [Metric(name, _AT_REST.get(name), datatype, timestamp=timestamp) for name, datatype in CONTROLS.items()]


def command(name: str, value: Value) -> Metric:
    """One control metric as an NCMD carries it."""
    return Metric(name, value, CONTROLS[name])
