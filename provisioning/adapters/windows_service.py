"""The agent as a Windows service, by `sc`. The installer registers it; it runs what the link to the current release holds."""

import time

from provisioning.adapters.systemd import call
from provisioning.errors import OperatorError

SERVICE = "dltv-agent"
STOPPED_WITHIN_S = 60.0
_STOPPED, _RUNNING = "STOPPED", "RUNNING"
_NOT_STARTED, _ALREADY_RUNNING, _UNKNOWN = 1062, 1056, 1060


class WindowsService:
    def start(self) -> None:
        self._sc("config", SERVICE, "start=", "delayed-auto")
        self._sc("start", SERVICE, fine=(_ALREADY_RUNNING,))

    def restart(self) -> None:
        self._stop()
        self._sc("start", SERVICE, fine=(_ALREADY_RUNNING,))

    def reload(self) -> None:
        """Windows has no signal for it."""
        if self.is_running():
            self.restart()

    def is_running(self) -> bool:
        return _RUNNING in call(["sc", "query", SERVICE]).stdout

    def remove(self) -> None:
        self._stop()
        self._sc("delete", SERVICE, fine=(_UNKNOWN,))

    def _stop(self) -> None:
        self._sc("stop", SERVICE, fine=(_NOT_STARTED, _UNKNOWN))
        deadline = time.monotonic() + STOPPED_WITHIN_S
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.5)

    def _sc(self, *arguments: str, fine: tuple[int, ...] = ()) -> None:
        done = call(["sc", *arguments])
        if done.returncode not in (0, *fine):
            raise OperatorError(f"sc {' '.join(arguments)} failed ({done.returncode}): {done.stdout.strip():.200}")
