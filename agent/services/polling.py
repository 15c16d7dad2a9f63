"""Polls all devices, each in a thread of its own: one that is slow, dead or mad delays no other.

What a poll brought is handed to `on_poll`, in the device's thread. What is worth telling of it is decided in
agent.core.report; who publishes it is not known here.
"""

import logging
import threading
from collections.abc import Callable, Iterable

from agent.core.readings import Poll
from agent.ports import Clock
from agent.services.devices import Device
from agent.services.driver import Driver

log = logging.getLogger(__name__)

OnPoll = Callable[[Poll], None]
STOP_WITHIN_MS = 1500
TELLING_WITHIN_S = 0.2
LINE_FREE_WITHIN_MS = 5000


class Polling:
    """start, poll_now, add, move and rearrange as often as wanted, stop; then it is done. Then on_poll is not called any more."""

    def __init__(self, devices: Iterable[Device], on_poll: OnPoll, clock: Clock) -> None:
        self._stopping = threading.Event()
        self._on_poll, self._clock = on_poll, clock
        self._adding = threading.Lock()
        self._loops = [_Loop(device, on_poll, clock, self._stopping) for device in devices]

    def start(self) -> None:
        for loop in self._loops:
            loop.thread.start()

    def add(self, device: Device) -> None:
        """Poll this one too, from now on. For any thread, after start; does nothing once it is stopped."""
        self._begin(device, ())

    def move(self, device: Device) -> None:
        """Poll this one instead of the one that has its name. For any thread, after start."""
        self._drop({device.name})
        self._begin(device, ())

    def rearrange(self, gone: Iterable[str], fresh: Iterable[Device]) -> None:
        """Poll those no more and these from now on, also instead of one that has the name. For any thread, after start.

        A new one waits a little for those that end: it may be asked over the line that one of them holds.
        """
        devices = tuple(fresh)
        ending = tuple(loop.thread for loop in self._drop({*gone, *(each.name for each in devices)}))
        for each in devices:
            self._begin(each, ending)

    def _drop(self, names: set[str]) -> list["_Loop"]:
        with self._adding:
            old = [loop for loop in self._loops if loop.name in names]
            self._loops = [loop for loop in self._loops if loop not in old]
        for loop in old:
            loop.leave()
        return old

    def _begin(self, device: Device, ending: tuple[threading.Thread, ...]) -> None:
        loop = _Loop(device, self._on_poll, self._clock, self._stopping, ending)
        with self._adding:
            if not self._stopping.is_set():
                self._loops.append(loop)
                loop.thread.start()

    def poll_now(self) -> None:
        """Ask everything at once, without waiting for its turn."""
        for loop in tuple(self._loops):
            loop.hurry()

    def stop(self) -> None:
        """Returns within two seconds. A device that hangs in the kernel is left to its daemon thread."""
        with self._adding:
            self._stopping.set()
        for loop in self._loops:
            loop.wake()
        deadline = self._clock.mono_ms() + STOP_WITHIN_MS
        for loop in self._loops:
            loop.end(max(0, deadline - self._clock.mono_ms()) / 1000)


class _Loop:
    """One device's thread. It begins when those that are ending have ended, or did not for a while."""

    def __init__(
        self,
        device: Device,
        on_poll: OnPoll,
        clock: Clock,
        stopping: threading.Event,
        ending: tuple[threading.Thread, ...] = (),
    ) -> None:
        self._ending = ending
        self._device, self._on_poll, self._clock, self._stopping = device, on_poll, clock, stopping
        self._awake = threading.Event()
        self._hurried = False
        self._telling = threading.Lock()
        self._silent, self._left = False, False
        self.name = device.name
        self._problem: str | None = ""
        self.thread = threading.Thread(target=self._run, name=f"poll {device.name}", daemon=True)

    def hurry(self) -> None:
        self._hurried = True
        self._awake.set()

    def wake(self) -> None:
        self._awake.set()

    def leave(self) -> None:
        """End without being waited for, and without another word."""
        self._left = True
        self.wake()
        self._hush()

    def end(self, within_s: float) -> None:
        """Wait for the thread; whether it ended or not, it tells nothing any more."""
        if self.thread.is_alive():
            self.thread.join(within_s)
        self._hush()

    def _hush(self) -> None:
        told = self._telling.acquire(timeout=TELLING_WITHIN_S)
        self._silent = True
        if told:
            self._telling.release()

    def _run(self) -> None:
        driver = Driver(self._device, self._device.open_channel(self._clock, self._stopping), self._clock)
        self._let_them_end()
        while not (self._stopping.is_set() or self._left):
            self._tell(self._round(driver))
            self._rest(driver)
        driver.close()

    def _let_them_end(self) -> None:
        until = self._clock.mono_ms() + LINE_FREE_WITHIN_MS
        for thread in self._ending:
            while thread.is_alive() and self._clock.mono_ms() < until and not self._stopping.is_set():
                thread.join(0.1)
        self._ending = ()

    def _round(self, driver: Driver) -> Poll:
        try:
            return driver.round()
        except Exception as error:  # noqa: BLE001 - a fence: whatever one driver does, polling goes on
            driver.close()
            return driver.lost(f"the driver failed: {type(error).__name__}: {error}")

    def _rest(self, driver: Driver) -> None:
        left_s = (driver.next_at() - self._clock.mono_ms()) / 1000
        if left_s > 0:
            self._awake.wait(left_s)
        self._awake.clear()
        if self._hurried:
            self._hurried = False
            driver.hurry()

    def _tell(self, poll: Poll) -> None:
        if self._stopping.is_set() or self._left:
            return
        self._log(poll.problem)
        with self._telling:
            if not self._silent:
                self._hand_on(poll)

    def _hand_on(self, poll: Poll) -> None:
        try:
            self._on_poll(poll)
        except Exception:
            log.exception("%s: the poll could not be handed on", self._device.name)

    def _log(self, problem: str | None) -> None:
        """A line when it is lost, when it is found, and when the reason changes; not one a round."""
        if problem == self._problem:
            return
        if problem is not None:
            log.warning("%s: %s", self._device.name, problem)
        elif self._problem is not None:
            log.info("%s: answers%s", self._device.name, f" at {self._device.address}" if self._device.address else "")
        self._problem = problem
