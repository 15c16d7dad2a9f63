"""The standard output of a program, as the command adapter hands it on: all of it, up to where it ends."""

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.data import SET_ID
from firmware_profiles.links import CommandProtocol

MAX_OUTPUT = 65536


def codec(_protocol: CommandProtocol, peer: Peer) -> Codec:
    return CommandOutput(peer.set_id)


class CommandOutput:
    def __init__(self, set_id: str) -> None:
        self._set_id = set_id

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[str]:
        output = bytearray()
        received = yield (request.replace(SET_ID, self._set_id) + "\n").encode()
        while received:
            output += received
            if len(output) > MAX_OUTPUT:
                raise BadReply(f"more than {MAX_OUTPUT} bytes of output")
            received = yield b""
        if not output:
            raise LinkLost("the program said nothing")
        return output.decode("utf-8", "replace")
