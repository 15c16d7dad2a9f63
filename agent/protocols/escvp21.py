"""Epson ESC/VP21 on a serial line, and in an ESC/VP.net session on TCP.

A colon ends an answer. Status messages that come unasked (IMEVENT) are passed over. A projector in an abnormal state answers
nothing at all, not even the colon.
"""

import re

from agent.errors import BadReply, Declined, LinkLost, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.links import EscVp21Protocol

MAX_PENDING = 2048
MAX_ANSWER = 128
SIGNATURE = b"ESC/VP.net"
CONNECT = b"\x10\x03\x00\x00\x00"
HEAD_SIZE = 16
HEADER_SIZE = 18
MAX_PASSWORD = 16
_REQUEST = re.compile(r"([A-Z0-9]{2,16})\?(?: .*)?")
_DONE = 0x20
_PASSWORD_IS_MISSING, _PASSWORD_IS_WRONG, _BUSY = 0x41, 0x43, 0x53


def codec(_protocol: EscVp21Protocol, peer: Peer) -> Codec:
    return EscVp21(peer)


class EscVp21:
    """A peer with a host is on TCP."""

    def __init__(self, peer: Peer) -> None:
        self._is_network = bool(peer.host)
        self._password = peer.password.encode()

    def greet(self) -> Dialogue[None]:
        return self._connect() if self._is_network else silent()

    def ask(self, request: str) -> Dialogue[str]:
        wanted = _REQUEST.fullmatch(request)
        if wanted is None:
            raise BadReply(f"{request!r} is no ESC/VP21 request")
        answer = re.compile(rf"(?<![A-Z])(?:{wanted[1]}=[^\r:]{{0,{MAX_ANSWER}}}|ERR)(?=\r:)".encode())
        pending = bytearray()
        received = yield request.encode() + b"\r"
        while True:
            if not received:
                raise LinkLost("the connection was closed before the answer was whole")
            pending += received
            if found := answer.search(pending):
                return found[0].decode("latin-1")
            if len(pending) > MAX_PENDING:
                del pending[: -2 * MAX_ANSWER]
            received = yield b""

    def _connect(self) -> Dialogue[None]:
        if len(self._password) > MAX_PASSWORD:
            raise Refused(f"a password of this projector has at most {MAX_PASSWORD} bytes; correct password = …")
        header = b"\x01\x01" + self._password.ljust(MAX_PASSWORD, b"\x00") if self._password else b""
        pending = bytearray((yield SIGNATURE + CONNECT + bytes([bool(header)]) + header))
        while len(pending) < HEAD_SIZE or len(pending) < HEAD_SIZE + HEADER_SIZE * pending[HEAD_SIZE - 1]:
            if pending[: len(SIGNATURE)] != SIGNATURE[: len(pending)]:
                raise BadReply("it does not answer as ESC/VP.net does")
            received = yield b""
            if not received:
                raise LinkLost("the session was closed before it stood")
            pending += received
        _judge(bytes(pending))


def _judge(answer: bytes) -> None:
    if not answer.startswith(SIGNATURE):
        raise BadReply("it does not answer as ESC/VP.net does")
    status = answer[HEAD_SIZE - 2]
    if status == _PASSWORD_IS_MISSING:
        raise Refused("the projector wants a password; add password = … to this device")
    if status == _PASSWORD_IS_WRONG:
        raise Refused("the projector refuses the password; correct password = … of this device")
    if status == _BUSY:
        raise Declined("the projector talks to somebody else")
    if status != _DONE:
        raise BadReply(f"the projector refuses the session with {status:02X}")
