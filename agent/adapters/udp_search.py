"""Asks everybody on one network at once by UDP, and gathers who answers."""

import socket
import threading
import time
from collections.abc import Sequence

MAX_BYTES = 9000
MAX_ANSWERS = 2000
_SLICE_S = 0.2
Answers = list[tuple[str, bytes]]


def search(
    own: str, to: tuple[str, int], questions: Sequence[bytes], within_s: float, stopping: threading.Event
) -> Answers:
    """(host, datagram) of all that came back.

    own  this computer's address on that network: the question goes out there. A computer that may not ask gets no answers
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            _bind(asking, own)
            for question in questions:
                asking.sendto(question, to)
            return _gathered(asking, time.monotonic() + within_s, stopping)
    except OSError:
        return []


def _bind(asking: socket.socket, own: str) -> None:
    asking.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    asking.bind((own, 0))


def _gathered(asking: socket.socket, deadline: float, stopping: threading.Event) -> Answers:
    answers: Answers = []
    while not stopping.is_set() and len(answers) < MAX_ANSWERS:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            break
        asking.settimeout(min(left_s, _SLICE_S))
        try:
            data, (host, _) = asking.recvfrom(MAX_BYTES)
        except TimeoutError:
            continue
        except ConnectionError:
            continue
        answers.append((host, data))
    return answers
