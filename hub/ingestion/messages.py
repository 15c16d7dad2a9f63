"""The first stage: an arrival becomes a message, or is refused with a reason."""

from typing import NamedTuple

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import Arrival
from hub.ingestion.reasons import Reason
from wire.errors import WireError
from wire.payloads import Payload, decode
from wire.topics import NAMESPACE, MessageType, Topic

MAX_ID = 200
_COMMANDS = (MessageType.NCMD, MessageType.DCMD)
_STATE = f"{NAMESPACE}/STATE/"


class Refusal(Exception):
    """What came in is not taken. `node` is who could send it better, if that can be told."""

    def __init__(self, reason: Reason, node: NodeKey | None = None) -> None:
        super().__init__(reason.value)
        self.reason, self.node = reason, node


class Message(NamedTuple):
    """What a node said.

    at     when it arrived, by the hub's clock
    plain  it comes from a recording: no birth need have announced anything
    """

    node: NodeKey
    type: MessageType
    device: str | None
    payload: Payload
    at: int
    plain: bool = False


def parse(arrival: Arrival) -> Message | None:
    """The message, or None for what is not for us: commands and other hosts' STATE. Raises Refusal."""
    if arrival.topic.startswith(_STATE):
        return None
    try:
        topic = Topic.parse(arrival.topic)
    except WireError:
        raise Refusal(Reason.TOPIC) from None
    if topic.type in _COMMANDS:
        return None
    if max(len(topic.group), len(topic.node), len(topic.device or "")) > MAX_ID:
        raise Refusal(Reason.ID)
    if arrival.retained:
        raise Refusal(Reason.RETAINED)
    node = NodeKey(topic.group, topic.node)
    try:
        return Message(node, topic.type, topic.device, decode(arrival.payload), arrival.at)
    except WireError as error:
        raise Refusal(Reason(error.reason), node) from None
