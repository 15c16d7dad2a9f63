"""MQTT packets between a socket and amqtt: whole ones only, of a bearable size, from clients that still live.

amqtt 0.12.1 itself has no limit for a packet, ignores that a client's keepalive has run out (so that a school that lost its
power would never be noticed: its will stays unsent), and waits without end for a client that takes nothing.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from amqtt.adapters import ReaderAdapter, WriterAdapter

from wire.payloads import MAX_PAYLOAD_BYTES
from wire.topics import MAX_TOPIC_BYTES

log = logging.getLogger(__name__)

MAX_PACKET = MAX_PAYLOAD_BYTES * 5
"""Above what our payloads may have: what is too large for us is to be refused and counted by the hub, not to look like a
broken line. A megabyte of rubbish gets through; more ends the connection."""
_CONNECT, _PUBLISH, _DISCONNECT = 1, 3, 14
_CLIENT_ID = 10
"""Where it stands in the body of a CONNECT."""
_HAS_WILL = 0x04
_NOT_AUTHORISED = b"\x20\x02\x00\x05"
_CONNECT_WITHIN_S = 10.0
_REST_WITHIN_S = 30.0
_TAKES_WITHIN_S = 10.0
_MAX_UNSENT = 16 * 1024 * 1024
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Greeting:
    """What we need of a CONNECT."""

    client_id: str
    keepalive_s: int
    will_topic: str | None = None

    @classmethod
    def parse(cls, body: bytes) -> "Greeting":
        """Protocol name (2 + 4 bytes), level, flags, keepalive (2), client id (2 + …), the will's topic. Raises ValueError."""
        if body[:6] != b"\0\4MQTT" or len(body) < _CLIENT_ID + 2:
            raise ValueError("not an MQTT 3.1.1 CONNECT")
        client_id = _text(body, _CLIENT_ID)
        will_at = _CLIENT_ID + 2 + len(client_id.encode())
        will = _text(body, will_at) if body[7] & _HAS_WILL else None
        return cls(client_id, int.from_bytes(body[8:10], "big"), will)

    def renamed(self, packet: bytes, body_at: int, name: str) -> bytes:
        """The CONNECT under another client id."""
        body, given = packet[body_at:], self.client_id.encode()
        rest = body[_CLIENT_ID + 2 + len(given) :]
        body = body[:_CLIENT_ID] + len(name.encode()).to_bytes(2, "big") + name.encode() + rest
        return packet[:1] + _length(len(body)) + body


@dataclass(frozen=True, slots=True)
class Gates:
    """What has to happen before amqtt sees certain packets.

    greeted  a CONNECT: whoever else has this client id has to go first; answers the client id that counts
    pushed   a PUBLISH: while the broker is behind, its clients wait
    leaving  the end: what the client has published before is to be taken first
    """

    greeted: Callable[[Greeting], Awaitable[str]]
    pushed: Callable[[], Awaitable[None]]
    leaving: Callable[[], Awaitable[None]]


class PacketReader(ReaderAdapter):  # type: ignore[misc]  # amqtt is not typed
    """Hands out the bytes of one whole packet after the other. The end of the stream, however it came, is no bytes at all."""

    def __init__(self, stream: asyncio.StreamReader, gates: Gates) -> None:
        self._stream, self._gates = stream, gates
        self._raw = bytearray()
        self._packet = b""
        self._at = 0
        self._keepalive_s: float | None = None
        self._greeted = self._ended = False

    async def read(self, n: int = -1) -> bytes:
        if self._at >= len(self._packet) and not self._ended:
            self._packet, self._at = await self._next(), 0
        taken = self._packet[self._at : self._at + n] if n >= 0 else self._packet[self._at :]
        self._at += len(taken)
        if len(taken) < n:
            # The packet is shorter than what stands in it says: nothing after it can be trusted.
            self._ended = True
        return taken

    def feed_eof(self) -> None:
        self._ended = True

    async def _next(self) -> bytes:
        """The next packet, or no bytes at the end."""
        try:
            packet, body_at = await self._whole_packet()
            packet = await self._pass_gates(packet, body_at)
        except (OSError, ValueError, EOFError, TimeoutError) as error:
            log.debug("a connection ends: %s", error or type(error).__name__)
            self._ended = True
            await self._gates.leaving()
            return b""
        return packet

    async def _whole_packet(self) -> tuple[bytes, int]:
        while True:
            header = _header(self._raw)
            if header is not None:
                body_at, length = header
                if length > MAX_PACKET + MAX_TOPIC_BYTES:
                    raise ValueError(f"a packet of {length} bytes")
                if len(self._raw) >= body_at + length:
                    packet = bytes(self._raw[: body_at + length])
                    del self._raw[: body_at + length]
                    return packet, body_at
            chunk = await asyncio.wait_for(self._stream.read(_CHUNK), self._patience_s())
            if not chunk:
                raise EOFError("closed by the client")
            self._raw += chunk

    def _patience_s(self) -> float | None:
        if not self._greeted:
            return _CONNECT_WITHIN_S
        if self._raw:
            return _REST_WITHIN_S
        return self._keepalive_s

    async def _pass_gates(self, packet: bytes, body_at: int) -> bytes:
        kind = packet[0] >> 4
        if self._greeted is (kind == _CONNECT):
            raise ValueError("CONNECT comes first, and once")
        if kind == _CONNECT:
            greeting = Greeting.parse(packet[body_at:])
            # One and a half times the keepalive [MQTT-3.1.2-24].
            self._keepalive_s = greeting.keepalive_s * 1.5 or None
            self._greeted = True
            name = await self._gates.greeted(greeting)
            return packet if name == greeting.client_id else greeting.renamed(packet, body_at, name)
        if kind == _PUBLISH:
            _require_topic(packet[body_at:])
            await self._gates.pushed()
        elif kind == _DISCONNECT:
            await self._gates.leaving()
        return packet


class PacketWriter(WriterAdapter):  # type: ignore[misc]
    """Gives up on a client that takes nothing."""

    def __init__(self, stream: asyncio.StreamWriter) -> None:
        self._stream = stream
        self._closed = False

    def write(self, data: bytes) -> None:
        if self._closed:
            return
        self._stream.write(data)
        if self._stream.transport.get_write_buffer_size() > _MAX_UNSENT:
            self.abort()

    async def drain(self) -> None:
        if self._closed:
            return
        try:
            await asyncio.wait_for(self._stream.drain(), _TAKES_WITHIN_S)
        except TimeoutError:
            self.abort()

    def get_peer_info(self) -> tuple[str, int] | None:
        peer = self._stream.get_extra_info("peername")
        return (peer[0], peer[1]) if peer else None

    def get_ssl_info(self) -> ssl.SSLObject | None:
        return None

    def refuse(self) -> None:
        """A CONNACK that says so."""
        self.write(_NOT_AUTHORISED)

    async def close(self) -> None:
        """What waits is still sent, but nobody waits for it."""
        if not self._closed:
            self._closed = True
            self._stream.close()
            asyncio.get_running_loop().call_later(_TAKES_WITHIN_S, self._stream.transport.abort)

    def abort(self) -> None:
        """The reading side sees the end at once, and the will goes out."""
        self._closed = True
        self._stream.transport.abort()


def _header(raw: bytearray) -> tuple[int, int] | None:
    """Where the body begins and how long it is; None while that cannot be told."""
    length = 0
    for index in range(1, min(len(raw), 5)):
        length |= (raw[index] & 0x7F) << (7 * (index - 1))
        if raw[index] < 0x80:
            return index + 1, length
    if len(raw) >= 5:
        raise ValueError("a length of more than four bytes")
    return None


def _length(length: int) -> bytes:
    """As the fixed header has it: seven bits a byte, the low ones first."""
    digits = bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(digits)


def _text(body: bytes, at: int) -> str:
    """Two bytes of length, and so much UTF-8. Raises ValueError."""
    end = at + 2 + int.from_bytes(body[at : at + 2], "big")
    if len(body) < max(at + 2, end):
        raise ValueError("a CONNECT that ends too early")
    return body[at + 2 : end].decode("utf-8")


def _require_topic(body: bytes) -> None:
    """amqtt drops a PUBLISH whose topic is none, and then reads its payload as the next packet. Raises ValueError."""
    length = int.from_bytes(body[:2], "big")
    topic = body[2 : 2 + length]
    if len(topic) < max(1, length) or any(sign in topic.decode("utf-8") for sign in "+#\0"):
        raise ValueError("a PUBLISH without a topic")
