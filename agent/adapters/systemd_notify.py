"""Tells systemd that the agent has started, lives, and goes: one datagram each, as sd_notify(3) describes."""

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)


class SystemdNotify:
    """alive_every_ms: half of the time after which systemd gives the agent up; None: it does not watch."""

    def __init__(self, address: str, alive_every_ms: int | None) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.alive_every_ms = alive_every_ms
        self._complained = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "SystemdNotify | None":
        """None where nobody wants to be told."""
        address = environment.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return None
        usec, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID")
        watched = usec.isdigit() and int(usec) > 0 and pid in (None, str(os.getpid()))
        return cls(address, max(1, int(usec) // 2000) if watched else None)

    def ready(self) -> None:
        self._say("READY=1")

    def alive(self) -> None:
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        self._say("STOPPING=1")

    def _say(self, what: str) -> None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(1.0)
                line.sendto(what.encode("ascii"), self._address)
            self._complained = False
        except OSError as error:
            if not self._complained:
                log.warning("systemd cannot be told %s: %s", what, error)
            self._complained = True
