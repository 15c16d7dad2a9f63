"""The composition root: one classroom of equipment on its lines and ports, and the desk that breaks and mends it."""

import errno
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench import receiver
from bench.control import ControlSocket
from bench.desk import Desk
from bench.errors import PortTaken, SettingsMistake
from bench.http_port import HttpPort
from bench.lg_tv import LgTv
from bench.live import LiveRoom, View
from bench.projector import PjLinkSession
from bench.room import Classroom
from bench.serial_line import SerialLine
from bench.settings import BenchSettings
from bench.stations import Page
from bench.tcp_port import TcpPort

log = logging.getLogger("bench")
CONTROL = "control.sock"
TICK_S = 0.25


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Bench:
    """Everything that `dltv-bench run` stands up. `origin` is the settings file, for the words of a complaint."""

    def __init__(
        self, settings: BenchSettings, origin: Path, directory: Path, clock: Callable[[], int] = monotonic_ms
    ) -> None:
        self.live = LiveRoom(Classroom.in_the_morning(settings, clock()), clock)
        self._settings = settings
        self._origin = origin
        self._directory = directory
        self.tv = SerialLine(directory / settings.tv.link, LgTv(settings.tv, self.live, random.Random(1)))
        self.projector = TcpPort(
            settings.projector.host, settings.projector.port, self._pjlink, settings.projector.idle_s
        )
        self.receiver = HttpPort(settings.receiver.host, settings.receiver.port, self._page)
        self.control = ControlSocket(directory / CONTROL, Desk(self.live).handle)
        self._heard = self.live.look()
        self.live.on_change(self._heed)

    def open(self) -> None:
        """Raises BenchError; what had been opened by then is closed again."""
        self._directory.mkdir(parents=True, exist_ok=True)
        opened: list[Callable[[], None]] = []
        try:
            for start, stop in self._parts():
                start()
                opened.append(stop)
        except BaseException:
            for stop in reversed(opened):
                stop()
            raise

    def close(self) -> None:
        for _, stop in reversed(self._parts()):
            stop()

    def run(self, stop: threading.Event) -> None:
        """Keeps the room's time going (the morning, the weather) until it is told to stop."""
        while not stop.wait(TICK_S):
            self.live.look()

    def places(self) -> list[str]:
        """One line for each thing: what it is, and where it listens."""
        settings = self._settings
        key, beamer, box = settings.room.key, self.projector, self.receiver
        return [
            f"{key} TV         {self.tv.path}  (LG RS-232C, set {settings.tv.set_id})",
            f"{key} projector  tcp://{beamer.host}:{beamer.port}  (PJLink class {settings.projector.pjlink_class})",
            f"{key} receiver   http://{box.host}:{box.port}  (Enigma2 OpenWebif)",
            f"faults        {self.control.path}  (dltv-bench fault)",
        ]

    def _parts(self) -> list[tuple[Callable[[], None], Callable[[], None]]]:
        """In the order of opening: first of all the control socket, which tells whether another bench is here."""
        return [
            (self.control.open, self.control.close),
            (self.tv.open, self.tv.close),
            (lambda: self._open_port("projector", self.projector), self.projector.close),
            (lambda: self._open_port("receiver", self.receiver), self.receiver.close),
        ]

    def _open_port(self, table: str, port: TcpPort | HttpPort) -> None:
        try:
            port.open()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(self._origin, f"{table}.port", f"{port.host}:{port.port}") from None
            problem = f"cannot listen on {port.host}:{port.port} ({error.strerror or error})"
            raise SettingsMistake(self._origin, f"{table}.host", problem, "name an address of this machine") from None

    def _pjlink(self) -> PjLinkSession:
        return PjLinkSession(self._settings.projector, self.live, secrets.token_hex(4))

    def _page(self, path: str) -> Page:
        return receiver.page(path, self.live.look().receiver, self._settings.receiver)

    def _heed(self, view: View) -> None:
        """A change in the room: ports close with the power and open with it, and the log says what happened."""
        before, self._heard = self._heard.room, view
        for thing, power in view.room.powers.items():
            if power.on is not before.powers[thing].on:
                log.info("%s is switched %s", thing.value, "on" if power.on else "off")
        for code in view.room.broken.keys() - before.broken.keys():
            log.info("fault: %s", code)
        for code in before.broken.keys() - view.room.broken.keys():
            log.info("mended: %s", code)
        self._power(view.projector.listening, self.projector)
        self._power(view.receiver.listening, self.receiver)

    @staticmethod
    def _power(on: bool, port: TcpPort | HttpPort) -> None:
        try:
            (port.open if on else port.close)()
        except OSError as error:
            log.error("%s:%d cannot be opened again: %s", port.host, port.port, error)
