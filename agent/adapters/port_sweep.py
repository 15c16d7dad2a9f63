"""Which of some TCP ports are open on which hosts: a connection is made and closed, nothing is said on it."""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator

AT_ONCE = 128
CONNECT_S = 0.6
Door = tuple[str, int]


def open_ports(doors: Iterable[Door], stopping: threading.Event, tried: Callable[[int], None]) -> list[Door]:
    """`tried` is told how many were tried in all, now and then."""
    found: list[Door] = []
    waiting, count = iter(doors), 0
    with selectors.DefaultSelector() as selector:
        pending: dict[socket.socket, tuple[Door, float]] = {}
        while not stopping.is_set():
            count += _knock(waiting, pending, selector)
            if not pending:
                break
            for key, _ in selector.select(0.05):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    found.append(pending[connection][0])
                _leave(connection, pending, selector)
            for late in [one for one, (_, until) in pending.items() if until < time.monotonic()]:
                _leave(late, pending, selector)
            tried(count - len(pending))
        for connection in list(pending):
            _leave(connection, pending, selector)
    return sorted(found)


def _knock(
    waiting: Iterator[Door], pending: dict[socket.socket, tuple[Door, float]], selector: selectors.BaseSelector
) -> int:
    """Begin as many as may be under way at once; how many were begun."""
    begun = 0
    while len(pending) < AT_ONCE and (door := next(waiting, None)) is not None:
        begun += 1
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        # The outcome, a refusal too, is read from the socket later.
        connection.connect_ex(door)
        pending[connection] = door, time.monotonic() + CONNECT_S
        selector.register(connection, selectors.EVENT_WRITE)
    return begun


def _leave(
    connection: socket.socket, pending: dict[socket.socket, tuple[Door, float]], selector: selectors.BaseSelector
) -> None:
    selector.unregister(connection)
    del pending[connection]
    connection.close()
