"""A pseudo-terminal that behaves like a serial adapter: it has a stable name, and what is plugged into it may come and go.

The bench keeps the far side open itself, so that the line survives a program that opens and closes it (as a real adapter does).
Only when the adapter itself is pulled does the terminal go; plugged in again it is a new one under the same name.
"""

import contextlib
import logging
import os
import selectors
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from bench.errors import SettingsMistake
from bench.lines.trouble import Answer, Trouble
from bench.live import Moment
from bench.stations import Session

log = logging.getLogger("bench.serial")
CHUNK = 1024


class SerialLine:
    def __init__(self, path: Path, sessions: Callable[[], Session], trouble: Trouble) -> None:
        self.path = path
        self._sessions = sessions
        self._trouble = trouble
        self._terminal: _Terminal | None = None

    def open(self) -> None:
        """Raises SettingsMistake where the name is taken by something that is no link."""
        if self._terminal is not None:
            return
        if self.path.exists() and not self.path.is_symlink():
            raise SettingsMistake(
                self.path, "", "is in the way of the serial line", "remove it, or choose another --dir"
            )
        self._terminal = _Terminal(self.path, self._sessions(), self._trouble)

    def close(self) -> None:
        terminal, self._terminal = self._terminal, None
        if terminal is not None:
            terminal.close()

    def present(self, moment: Moment) -> bool:
        """The adapter hangs on the computer: it is there whether the device has power or not."""
        return self._trouble.plugged(moment)

    def place(self) -> str:
        return str(self.path)


class _Terminal:
    """One life of the adapter, from plugging in to pulling out."""

    def __init__(self, path: Path, session: Session, trouble: Trouble) -> None:
        self._path = path
        self._session = session
        self._trouble = trouble
        self._stop = threading.Event()
        self._master, self._slave = os.openpty()
        self._wake_read, self._wake = os.pipe()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link()
        threading.Thread(target=self._live, name=f"serial {path.name}", daemon=True).start()

    def close(self) -> None:
        """Does not wait: whoever pulls the adapter may hold what the serving thread is waiting for."""
        self._path.unlink(missing_ok=True)
        # In this order: told to stop, the thread may have closed the descriptors at once.
        os.write(self._wake, b"x")
        self._stop.set()

    def _live(self) -> None:
        try:
            self._serve()
        finally:
            for descriptor in (self._master, self._slave, self._wake, self._wake_read):
                os.close(descriptor)

    def _link(self) -> None:
        """Replaced in one step: whoever opens the name meanwhile gets the old line or the new one."""
        fresh = self._path.with_name(f".{self._path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self._path)

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._master, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while not self._stop.is_set():
                selector.select()
                self._hear(self._read())

    def _read(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(self._master, CHUNK)
        return b""

    def _hear(self, data: bytes) -> None:
        # Without power it does not even hear.
        if data and not self._stop.is_set() and not self._trouble.deaf:
            self._send(self._trouble.answer(self._session.feed(data)))

    def _send(self, answer: Answer) -> None:
        if answer.data is None or (answer.after_s and self._stop.wait(answer.after_s)):
            return
        try:
            os.write(self._master, answer.data)
        except BlockingIOError:
            log.debug("%s: nobody reads, an answer is lost", self._path)
