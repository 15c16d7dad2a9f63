"""PJLink class 1 and 2, with its greeting and its digest (JBMIA PJLink Specifications).

An answer is the parameter after `=`, ERR1 to ERR4 included; some projectors write the command's name in lower case.
"""

import hashlib
import re

from agent.errors import BadReply, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, line
from firmware_profiles.links import PjlinkProtocol

END = b"\r"
_GREETING = re.compile(r"PJLINK (?:0|1 ([0-9a-f]{8}))", re.IGNORECASE)
_REQUEST = re.compile(r"%([12][A-Z0-9]{4}) .*")
_ANSWER = re.compile(r"%([12][A-Z0-9]{4})=(.*)", re.IGNORECASE | re.DOTALL)
_IS_WRONG = "the projector refuses the password; correct password = … of this device"
_IS_MISSING = "the projector wants a password; add password = … to this device"


def codec(_protocol: PjlinkProtocol, peer: Peer) -> Codec:
    return Pjlink(peer.password)


class Pjlink:
    def __init__(self, password: str) -> None:
        self._password = password
        self._buffer = bytearray()
        self._digest = ""

    def greet(self) -> Dialogue[None]:
        self._buffer.clear()
        self._digest = ""
        greeting = yield from line(self._buffer, END)
        self._refuse_if_told(greeting)
        found = _GREETING.fullmatch(greeting.strip())
        if found is None:
            raise BadReply(f"it greets with {greeting[:40]!r}, not as PJLink does")
        if found[1]:
            if not self._password:
                raise Refused(_IS_MISSING)
            self._digest = hashlib.md5((found[1] + self._password).encode(), usedforsecurity=False).hexdigest()

    def ask(self, request: str) -> Dialogue[str]:
        wanted = _REQUEST.fullmatch(request)
        if wanted is None:
            raise BadReply(f"{request!r} is no PJLink request")
        self._buffer.clear()
        # The digest goes before the first command of a session only.
        digest, self._digest = self._digest, ""
        received = yield digest.encode() + request.encode() + END
        self._buffer += received
        while True:
            answer = (yield from line(self._buffer, END)).strip()
            self._refuse_if_told(answer)
            found = _ANSWER.fullmatch(answer)
            if found and found[1].upper() == wanted[1]:
                return found[2]

    @staticmethod
    def _refuse_if_told(text: str) -> None:
        if text.strip().upper() == "PJLINK ERRA":
            raise Refused(_IS_WRONG)
