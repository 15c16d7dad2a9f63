"""SNMP GET, spoken through the SNMP adapter in lines of text: `oid oid …` asks, `oid=type:value` … and an empty line answer.

The protocol itself, with its engines and keys, is the adapter's library's; here is what its answers mean.
"""

from collections.abc import Mapping

from agent.errors import BadReply
from agent.protocols.codec import Codec, Dialogue, Peer, line, silent
from firmware_profiles.data import SET_ID
from firmware_profiles.links import SnmpProtocol

END = b"\n"
MAX_VALUES = 64
NOTHING = "none"
"""The type of what the device does not have."""


def codec(_protocol: SnmpProtocol, peer: Peer) -> Codec:
    return Snmp(peer.set_id)


class Snmp:
    def __init__(self, set_id: str) -> None:
        self._set_id = set_id

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[Mapping[str, object]]:
        buffer = bytearray((yield request.replace(SET_ID, self._set_id).encode() + END))
        values: dict[str, object] = {}
        for _ in range(MAX_VALUES + 1):
            text = yield from line(buffer, END)
            if not text:
                return values
            oid, _, rest = text.partition("=")
            kind, _, value = rest.partition(":")
            if kind != NOTHING:
                values[oid] = value
        raise BadReply(f"more than {MAX_VALUES} values")
