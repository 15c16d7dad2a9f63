"""A pseudo-terminal that behaves like a serial adapter: it has a stable name, and what is plugged into it may come and go.

The bench keeps the far side open itself, so that the line survives a program that opens and closes it (as a real adapter does).
"""

import contextlib
import logging
import os
import selectors
import threading
import tty
from pathlib import Path

from bench.errors import SettingsMistake
from bench.stations import Station

log = logging.getLogger("bench.serial")
CHUNK = 1024


class SerialLine:
    def __init__(self, path: Path, station: Station) -> None:
        self.path = path
        self._station = station
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"serial {path.name}", daemon=True)

    def open(self) -> None:
        """Raises SettingsMistake where the name is taken by something that is no link."""
        if self.path.exists() and not self.path.is_symlink():
            raise SettingsMistake(
                self.path, "", "is in the way of the serial line", "remove it, or choose another --dir"
            )
        self._master, self._slave = os.openpty()
        self._wake_read, self._wake = os.pipe()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link()
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        os.write(self._wake, b"x")
        self._thread.join()
        self.path.unlink(missing_ok=True)
        for descriptor in (self._master, self._slave, self._wake, self._wake_read):
            os.close(descriptor)

    def _link(self) -> None:
        """Replaced in one step: whoever opens the name meanwhile gets the old line or the new one."""
        fresh = self.path.with_name(f".{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self.path)

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._master, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while not self._stop.is_set():
                selector.select()
                self._answer(self._read())

    def _read(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(self._master, CHUNK)
        return b""

    def _answer(self, data: bytes) -> None:
        for answer in self._station.feed(data):
            if answer.after_s and self._stop.wait(answer.after_s):
                return
            try:
                os.write(self._master, answer.data)
            except BlockingIOError:
                log.debug("%s: nobody reads, an answer is lost", self.path)
