"""A line of text asks, a text answers: serial consoles, LG's RS-232C.

An answer is found in whatever comes in, as the profile's pattern says: echoes, noise and the tail of something older are
passed over.
"""

import re

from agent.errors import LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.data import SET_ID
from firmware_profiles.links import AsciiProtocol

MAX_PENDING = 4096
MAX_ANSWER = 512


def codec(protocol: AsciiProtocol, peer: Peer) -> Codec:
    return AsciiLine(protocol, peer)


class AsciiLine:
    def __init__(self, protocol: AsciiProtocol, peer: Peer) -> None:
        self._end = protocol.request_end
        self._set_id = peer.set_id
        self._answer = re.compile(protocol.answer.encode())

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        pending = bytearray()
        received = yield (request.replace(SET_ID, self._set_id) + self._end).encode()
        while True:
            if not received:
                raise LinkLost("the connection was closed before the answer was whole")
            pending += received
            if found := self._answer.search(pending):
                return found[0].decode("latin-1")
            if len(pending) > MAX_PENDING:
                del pending[:-MAX_ANSWER]
            received = yield b""
