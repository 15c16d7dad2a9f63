"""A UDP port that can be closed and opened again, answering datagrams to whoever sent them. Opened, it announces itself."""

import contextlib
import logging
import socket
import threading

from bench.lines.trouble import Trouble
from bench.live import Moment
from bench.stations import UdpPlug

log = logging.getLogger("bench.udp")
MAX_DATAGRAM = 65_535


class UdpPort:
    """`port` 0 takes any free one; it is kept when the port is opened again."""

    def __init__(self, plug: UdpPlug, trouble: Trouble) -> None:
        self.host = plug.host
        self.port = plug.port
        self._plug = plug
        self._trouble = trouble
        self._closing = threading.Event()
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Raises OSError where somebody else has the port."""
        if self._socket is not None:
            return
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listener.bind((self.host, self.port))
        except OSError:
            listener.close()
            raise
        self._socket, self._closing = listener, threading.Event()
        self.port = listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(listener,), name=f"udp {self.port}", daemon=True).start()
        self._announce(listener)

    def close(self) -> None:
        listener, self._socket = self._socket, None
        if listener is None:
            return
        self._closing.set()
        # A datagram socket wakes its reader when it is shut down, although it says that it was not connected.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()

    def present(self, moment: Moment) -> bool:
        return self._trouble.listening(moment)

    def place(self) -> str:
        return f"udp://{self.host}:{self.port}"

    def _announce(self, listener: socket.socket) -> None:
        """To networks that this machine has; another one hears nothing."""
        for host, port, datagram in self._plug.announces:
            with contextlib.suppress(OSError):
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                listener.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.host))
                listener.sendto(datagram, (host, port))

    def _serve(self, listener: socket.socket) -> None:
        while self._socket is listener:
            try:
                data, caller = listener.recvfrom(MAX_DATAGRAM)
                if self._socket is listener:
                    self._hear(listener, data, caller)
            except OSError as error:
                log.debug("port %d: %s", self.port, error)

    def _hear(self, listener: socket.socket, data: bytes, caller: tuple[str, int]) -> None:
        for reply in self._plug.replies(data):
            answer = self._trouble.answer(reply)
            if answer.data is not None and not (answer.after_s and self._closing.wait(answer.after_s)):
                listener.sendto(answer.data, caller)
