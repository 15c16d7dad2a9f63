"""HDMI-CEC to the TV by the structures of linux/cec.h, which have the same layout everywhere.

The CEC adapter makes the system calls: it is sent their number and their structure, and answers with this as the kernel left it.
Who wants to speak on the bus needs an address: that of a playback device is claimed where nobody has claimed one yet.
"""

import re
import struct

from agent.errors import BadReply, Declined, LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer
from firmware_profiles.links import CecProtocol

G_LOG_ADDRS, S_LOG_ADDRS, TRANSMIT = 0x805C6103, 0xC05C6104, 0xC0386105
ADDRESSES_SIZE, MESSAGE_SIZE, MAX_MESSAGE = 92, 56, 16
TV, UNREGISTERED = 0, 15
REPLY_WITHIN_MS = 1000
TX_OK, RX_OK, RX_ABORTED_FEATURE = 0x01, 0x01, 0x04
_PLAYBACK_DEVICE, _PLAYBACK_ADDRESS, _ALL_PLAYBACK = 4, 3, 0x10
_CEC_1_4, _NO_VENDOR, _OR_UNREGISTERED = 5, 0xFFFFFFFF, 1
_ADDRESSES = struct.Struct("=4sHBBII15s4s4s4s48sx")
_MESSAGE = struct.Struct("=QQIIII16sBBBBBBBx")
_REQUEST = re.compile(r"([0-9a-f]{2}) ([0-9a-f]{2})")


def codec(_protocol: CecProtocol, _peer: Peer) -> Codec:
    return Cec()


class Cec:
    def __init__(self) -> None:
        self._own = UNREGISTERED

    def greet(self) -> Dialogue[None]:
        claimed = yield from _exchange(G_LOG_ADDRS, bytes(ADDRESSES_SIZE))
        if not _ADDRESSES.unpack(claimed)[3]:
            claimed = yield from _exchange(S_LOG_ADDRS, _claim())
        if claimed[0] > UNREGISTERED:
            raise LinkLost("no TV is connected to this HDMI socket")
        self._own = claimed[0]

    def ask(self, request: str) -> Dialogue[str]:
        words = _REQUEST.fullmatch(request)
        if words is None:
            raise BadReply(f"{request!r} is no request of this protocol; write two opcodes in hex")
        asked, wanted = int(words[1], 16), int(words[2], 16)
        text = bytes([self._own << 4 | TV, asked])
        sent = _MESSAGE.pack(0, 0, len(text), REPLY_WITHIN_MS, 0, 0, text, wanted, *bytes(6))
        answered = yield from _exchange(TRANSMIT, sent)
        _, _, length, _, _, _, message, _, received, transmitted, *_ = _MESSAGE.unpack(answered)
        if not transmitted & TX_OK:
            raise LinkLost("the TV does not listen on HDMI-CEC; is its CEC switched on?")
        if received & RX_ABORTED_FEATURE:
            raise Declined("the TV says that it does not know this")
        if not received & RX_OK:
            raise LinkLost("the TV did not answer on HDMI-CEC")
        if not 2 <= length <= MAX_MESSAGE or message[1] != wanted:
            raise BadReply("the TV answers what it was not asked")
        return str(message[2:length].hex())


def _claim() -> bytes:
    first = bytes(3)
    return _ADDRESSES.pack(
        bytes(4),
        0,
        _CEC_1_4,
        1,
        _NO_VENDOR,
        _OR_UNREGISTERED,
        b"DLTV",
        bytes([_PLAYBACK_DEVICE]) + first,
        bytes([_PLAYBACK_ADDRESS]) + first,
        bytes([_ALL_PLAYBACK]) + first,
        b"",
    )


def _exchange(number: int, structure: bytes) -> Dialogue[bytes]:
    pending = bytearray((yield struct.pack("=I", number) + structure))
    while len(pending) < len(structure):
        received = yield b""
        if not received:
            raise LinkLost("the HDMI-CEC adapter went away")
        pending += received
    if len(pending) > len(structure):
        raise BadReply("the adapter answers more than was asked for")
    return bytes(pending)
