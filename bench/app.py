"""The composition root: a school's equipment on its lines and ports, and the desk that breaks and mends it."""

import errno
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.catalogue import catalogue
from bench.control import ControlSocket
from bench.desk import Desk
from bench.errors import PortTaken, SettingsMistake
from bench.lines.http_port import HttpPort
from bench.lines.port import Port
from bench.lines.program import Program
from bench.lines.serial_line import SerialLine
from bench.lines.tcp_port import TcpPort
from bench.lines.trouble import Trouble
from bench.lines.udp_port import UdpPort
from bench.live import LiveSchool, Moment, Unit
from bench.school import School
from bench.settings import BenchSettings, DeviceSettings
from bench.stations import HttpPlug, Plug, ProgramPlug, SerialPlug, TcpPlug

log = logging.getLogger("bench")
CONTROL = "control.sock"
TICK_S = 0.25


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Installed:
    """A device on one of its lines."""

    device: DeviceSettings
    port: Port


class Bench:
    """Everything that `dltv-bench run` stands up. `origin` is the settings file, for the words of a complaint."""

    def __init__(
        self, settings: BenchSettings, origin: Path, directory: Path, clock: Callable[[], int] = monotonic_ms
    ) -> None:
        self.live = LiveSchool(School.in_the_morning(settings, clock()), clock)
        self._origin = origin
        self._directory = directory
        self._installed = [each for device in settings.device for each in self._install(device)]
        self.control = ControlSocket(directory / CONTROL, Desk(self.live).handle)
        self._heard = self.live.look().school

    def open(self) -> None:
        """Raises BenchError; what had been opened by then is closed again."""
        self._directory.mkdir(parents=True, exist_ok=True)
        # First of all the control socket, which tells whether another bench is here.
        self.control.open()
        try:
            for each in self._installed:
                self._open(each)
        except BaseException:
            self.close()
            raise
        self.live.on_change(self._heed)

    def close(self) -> None:
        for each in reversed(self._installed):
            each.port.close()
        self.control.close()

    def run(self, stop: threading.Event) -> None:
        """Keeps the school's time going (the morning, the weather) until it is told to stop."""
        while not stop.wait(TICK_S):
            self.live.look()

    def ports(self, key: str) -> list[Port]:
        """The lines and ports of one device."""
        return [each.port for each in self._installed if each.device.key == key]

    def places(self) -> list[str]:
        """One line for each thing: what it is, and where it listens."""
        width = max(len(each.device.key) for each in self._installed)
        lines = [
            f"{each.device.key:<{width}}  {each.port.place()}  ({catalogue()[each.device.speaks].title})"
            for each in self._installed
        ]
        return [*lines, f"{'faults':<{width}}  {self.control.path}  (dltv-bench fault)"]

    def _install(self, device: DeviceSettings) -> list[Installed]:
        unit = Unit(self.live, device)
        trouble = Trouble(unit)
        return [Installed(device, self._port(plug, trouble)) for plug in catalogue()[device.speaks].attach(unit)]

    def _port(self, plug: Plug, trouble: Trouble) -> Port:
        if isinstance(plug, SerialPlug):
            return SerialLine(self._directory / plug.line, plug.session, trouble)
        if isinstance(plug, TcpPlug):
            return TcpPort(plug, trouble)
        if isinstance(plug, HttpPlug):
            return HttpPort(plug, trouble)
        if isinstance(plug, ProgramPlug):
            return Program(self._directory, plug, trouble)
        return UdpPort(plug, trouble)

    def _open(self, each: Installed) -> None:
        try:
            each.port.open()
        except OSError as error:
            address, key = each.port.place().partition("//")[2], each.device.key
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(self._origin, f"{key}.port", address) from None
            problem = f"cannot listen on {address} ({error.strerror or error})"
            raise SettingsMistake(self._origin, f"{key}.host", problem, "name an address of this machine") from None

    def _heed(self, moment: Moment) -> None:
        """A change in the school: ports come and go with power and plug, and the log says what happened."""
        before, self._heard = self._heard, moment.school
        for key, power in moment.school.powers.items():
            if power.on is not before.powers[key].on:
                log.info("%s is switched %s", key, "on" if power.on else "off")
        for name in moment.school.broken.keys() - before.broken.keys():
            log.info("fault: %s", name)
        for name in before.broken.keys() - moment.school.broken.keys():
            log.info("mended: %s", name)
        if (moment.school.broken, moment.school.powers) != (before.broken, before.powers):
            for each in self._installed:
                self._follow(each.port, each.port.present(moment))

    @staticmethod
    def _follow(port: Port, present: bool) -> None:
        try:
            (port.open if present else port.close)()
        except OSError as error:
            log.error("%s cannot be opened again: %s", port.place(), error)
