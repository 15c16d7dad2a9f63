"""Many televisions on TCP ports, in a process of their own: python -m benchmarks.equipment SOUND MUTE MAD.

Prints the ports as JSON, the sound ones first, and serves until its standard input ends. Sound ones answer as LG's RS-232C says;
mute ones take the connection and never say a word; mad ones send noise without an end.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable

ANSWERS = {
    b"ka 01 ff": b"a 01 OK01x",
    b"sv 01 02 ff": b"v 01 OK0201x",
    b"xb 01 ff": b"b 01 OK90x",
    b"dn 01 ff": b"n 01 OK20x",
    b"dp 01 ff": b"p 01 OK1x",
    b"dl 01 ff": b"l 01 OK1c2ax",
}
REFUSAL = b"z 01 NG00x"
NOISE, NOISE_EVERY_S = b"\x00?", 0.25
Serve = Callable[[socket.socket, bytes], None]


class Equipment:
    def __init__(self, sound: int, mute: int, mad: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._noisy: list[socket.socket] = []
        kinds = [*[self._answer] * sound, *[self._keep_silent] * mute, *[self._rave] * mad]
        self.ports = [self._open(serve) for serve in kinds]
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    def run(self) -> None:
        noise_at = time.monotonic()
        while True:
            for key, _ in self._selector.select(NOISE_EVERY_S):
                if key.fileobj is sys.stdin:
                    return
                assert isinstance(key.fileobj, socket.socket)
                self._take(key.fileobj, key.data)
            if time.monotonic() >= noise_at:
                noise_at += NOISE_EVERY_S
                self._make_noise()

    def _open(self, serve: Serve) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        self._selector.register(server, selectors.EVENT_READ, ("port", serve))
        port: int = server.getsockname()[1]
        return port

    def _take(self, ready: socket.socket, data: tuple[str, Serve]) -> None:
        what, serve = data
        if what == "port":
            connection, _ = ready.accept()
            self._selector.register(connection, selectors.EVENT_READ, ("line", serve))
            return
        try:
            received = ready.recv(4096)
            if received:
                serve(ready, received)
        except OSError:
            received = b""
        if not received:
            self._selector.unregister(ready)
            self._noisy = [one for one in self._noisy if one is not ready]
            ready.close()

    def _answer(self, connection: socket.socket, received: bytes) -> None:
        for line in received.split(b"\r")[:-1]:
            connection.sendall(ANSWERS.get(line, REFUSAL))

    def _keep_silent(self, _connection: socket.socket, _received: bytes) -> None: ...

    def _rave(self, connection: socket.socket, _received: bytes) -> None:
        if connection not in self._noisy:
            self._noisy.append(connection)

    def _make_noise(self) -> None:
        for connection in list(self._noisy):
            try:
                connection.send(NOISE)
            except OSError:
                self._noisy.remove(connection)


if __name__ == "__main__":
    equipment = Equipment(*map(int, sys.argv[1:4]))
    print(json.dumps(equipment.ports), flush=True)
    equipment.run()
