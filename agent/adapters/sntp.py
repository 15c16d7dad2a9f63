"""How far the system's clock is from a time server's: one packet of SNTP (RFC 4330)."""

import socket
import struct
import time

PORT = 123
PACKET = struct.Struct("!B B b b 11I")
FROM_1900_TO_1970_S = 2_208_988_800
CLIENT_V4 = 0x23
SERVER_MODE, MAX_STRATUM, UNSYNCHRONISED = 4, 15, 3
ERA_S = 1 << 32


def clock_offset_s(server: str, timeout_s: float) -> float | None:
    """Positive when this clock is ahead; None when the server gives no usable answer."""
    host, _, port = server.rpartition(":") if server.rpartition(":")[2].isdecimal() else (server, "", str(PORT))
    try:
        kind, protocol, _, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)[0]
        with socket.socket(kind, protocol) as link:
            link.settimeout(timeout_s)
            link.connect(address)
            sent = time.time()
            stamp = _stamp(sent)
            link.send(PACKET.pack(CLIENT_V4, 0, 0, 0, *[0] * 9, *stamp))
            answer = link.recv(512)
            return _offset(answer, stamp, sent, time.time())
    except (OSError, ValueError, UnicodeError):
        return None


def _stamp(seconds: float) -> tuple[int, int]:
    whole = int(seconds)
    return (whole + FROM_1900_TO_1970_S) % ERA_S, int((seconds - whole) * ERA_S)


def _offset(answer: bytes, asked: tuple[int, int], sent: float, received: float) -> float | None:
    if len(answer) < PACKET.size:
        return None
    first, stratum, _, _, *words = PACKET.unpack(answer[: PACKET.size])
    is_answer = first & 7 == SERVER_MODE and 0 < stratum <= MAX_STRATUM and first >> 6 != UNSYNCHRONISED
    if not is_answer or (words[5], words[6]) != asked:
        return None
    came, left = _seconds(words[7], words[8], received), _seconds(words[9], words[10], received)
    return round(((sent - came) + (received - left)) / 2, 3)


def _seconds(whole: int, fraction: int, near: float) -> float:
    """Seconds since 1970. The era's number is not sent: it is that which lies nearest (the next begins in 2036)."""
    seconds = whole - FROM_1900_TO_1970_S + fraction / ERA_S
    return seconds + round((near - seconds) / ERA_S) * ERA_S
