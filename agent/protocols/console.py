"""A console with a prompt: set-top boxes and receivers on a serial line or on telnet's port.

Opening it types an empty line: a prompt, or somebody who asks for a name, must come. A command's answer is what stands
between its echo and the next prompt.
"""

import re
from collections.abc import Generator

from agent.errors import BadReply, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer
from firmware_profiles.data import SET_ID
from firmware_profiles.links import ConsoleProtocol

MAX_ANSWER = 65536
MAX_SIGN = 1024
"""Characters at the end of what was said in which a prompt is looked for."""
MAX_TURNS = 4
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_Heard = Generator[bytes, bytes, tuple[str, str]]


def codec(protocol: ConsoleProtocol, peer: Peer) -> Codec:
    return Console(protocol, peer)


class Console:
    def __init__(self, protocol: ConsoleProtocol, peer: Peer) -> None:
        self._peer, self._end = peer, protocol.line_end
        told = {name: getattr(protocol, name) for name in ("refused", "login", "password", "prompt")}
        self._signs = {name: re.compile(rf"(?:{text})\Z") for name, text in told.items() if text}
        if "refused" in self._signs:
            self._signs["refused"] = re.compile(told["refused"])

    def greet(self) -> Dialogue[None]:
        to_type = ""
        for _ in range(MAX_TURNS):
            sign, _ = yield from self._heard(to_type)
            if sign == "prompt":
                return
            if sign == "refused":
                raise Refused("the console refuses the password; correct user = … and password = … of this device")
            to_type = self._peer.user if sign == "login" else self._peer.password
            if not to_type:
                raise Refused("the console asks who is there; add user = … and password = … to this device")
        raise BadReply("the console asks for name and password again and again")

    def ask(self, request: str) -> Dialogue[str]:
        command = request.replace(SET_ID, self._peer.set_id)
        sign, said = yield from self._heard(command)
        if sign != "prompt":
            raise LinkLost("the console has logged this computer out")
        lines = [text.rstrip() for text in said.replace("\r", "\n").split("\n")]
        if command in lines[:2]:
            del lines[: lines.index(command) + 1]
        return "\n".join(text for text in lines if text)

    def _heard(self, typed: str) -> _Heard:
        """Which sign came after this was typed, and what was said before it."""
        pending = b""
        received = yield (typed + self._end).encode()
        while True:
            if not received:
                raise LinkLost("the connection was closed before the answer was whole")
            pending += received
            if len(pending) > MAX_ANSWER:
                raise BadReply(f"an answer of more than {MAX_ANSWER} bytes")
            said = _COLOURS.sub("", pending.decode("utf-8", "replace"))
            for name, sign in self._signs.items():
                if found := sign.search(said, max(0, len(said) - MAX_SIGN)):
                    return name, said[: found.start()]
            received = yield b""
