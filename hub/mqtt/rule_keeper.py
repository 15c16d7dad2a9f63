"""Keeps Mosquitto's rules in step with who was let in and who was shut out, over a connection and under a name of its own.

What has to be said is decided in dynamic_security.py. Where the broker does not answer or refuses, the connection ends, and all
is compared anew with the next one.
"""

import logging
import threading
import time
from collections.abc import Iterator
from itertools import islice

from hub.mqtt.access import Access
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.control_link import ControlFailed, ControlLink
from hub.mqtt.dynamic_security import Command, Held, after, closing, mending
from hub.mqtt.tls import TlsFiles

log = logging.getLogger(__name__)

_CLOSE_AFTER_S = (0.0, 3.0, 10.0, 30.0)
"""Again, because whoever is shut out may come back until Mosquitto has read the new list of revoked certificates. They are
allowed nothing meanwhile."""
_CLOSE_AT_START_S = (3.0,)
_BATCH = 20
_RETRY_S = 5.0
_LOOK_S = 1.0
_FAREWELL_S = 2.0


class RuleKeeper:
    """`want` may be called by any thread, any number of times."""

    def __init__(self, broker: BrokerUrl, files: TlsFiles) -> None:
        self._broker, self._files = broker, files
        self._changed = threading.Condition()
        self._wanted: Access | None = None
        self._closings: list[tuple[float, str]] = []
        self._stopping = False
        self._in_step: Access | None = None
        self._complaint = ""
        self._thread = threading.Thread(target=self._run, name="broker-rules", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_S)

    @property
    def trouble(self) -> str:
        """Why the broker's rules are not those that are wanted; empty when they are."""
        if self._in_step is not None and self._in_step is self._wanted:
            return ""
        return self._complaint or "the broker is being told its rules"

    def want(self, access: Access) -> None:
        """From now on these. Whoever is not welcome any more, and whose certificate was revoked, is cut off."""
        with self._changed:
            before, self._wanted = self._wanted, access
            gone = set() if before is None else before.guests().keys() - access.guests().keys()
            known = () if before is None else before.revoked
            revoked = {node.name for serial, node in access.revoked.items() if serial not in known}
            due = _CLOSE_AT_START_S if before is None else _CLOSE_AFTER_S
            now = time.monotonic()
            self._closings += [(now + wait, name) for name in sorted(gone | revoked) for wait in due]
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            try:
                link = ControlLink(self._broker, self._files)
                try:
                    self._keep(link)
                finally:
                    link.close()
            except (OSError, ValueError, ControlFailed) as error:
                self._complain(str(error) or type(error).__name__)
            self._in_step = None
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, _RETRY_S)

    def _keep(self, link: ControlLink) -> None:
        held = link.held()
        while link.alive:
            with self._changed:
                self._changed.wait_for(self._has_work, _LOOK_S)
                access, due = self._wanted, self._due()
            if self._stopping:
                return
            if access is not None:
                held = self._mend(link, held, access)
                self._close(link, access, due)
                self._in_step = access
        raise ControlFailed("the connection is lost")

    def _has_work(self) -> bool:
        return self._stopping or self._wanted is not self._in_step

    def _due(self) -> list[str]:
        """Whom to cut off now."""
        now = time.monotonic()
        due = [name for when, name in self._closings if when <= now]
        self._closings = [(when, name) for when, name in self._closings if when > now]
        return list(dict.fromkeys(due))

    def _mend(self, link: ControlLink, held: Held, access: Access) -> Held:
        if access is self._in_step:
            return held
        commands = mending(held, access.guests())
        for batch in _batches(commands):
            link.ask(batch)
            held = after(held, batch)
        return held

    def _close(self, link: ControlLink, access: Access, names: list[str]) -> None:
        guests = access.guests()
        for name in names:
            link.ask(closing(name, guests.get(name)))
            log.info("the connection of %s at the broker is closed", name)

    def _complain(self, reason: str) -> None:
        """Once for each new reason."""
        complaint = f"rules of broker {self._broker}: {reason}; trying on"
        log.log(logging.DEBUG if complaint == self._complaint else logging.WARNING, "%s", complaint)
        self._complaint = complaint


def _batches(commands: Iterator[Command]) -> Iterator[list[Command]]:
    while batch := list(islice(commands, _BATCH)):
        yield batch
