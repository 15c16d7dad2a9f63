"""The agent as a systemd service. The units themselves come with the installation; here they are only used, and removed."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from provisioning.errors import OperatorError

AGENT = "dltv-agent.service"
OWN_UNITS = ("dltv-provision.timer", "dltv-provision.path", "dltv-provision.service", "dltv-enrol.service")
UNIT_FOLDER = Path("/etc/systemd/system")
WITHIN_S = 180.0
"""More than a unit may take to start."""


class Systemd:
    def start(self) -> None:
        self._systemctl("enable", "--now", AGENT)

    def restart(self) -> None:
        self._systemctl("restart", AGENT)

    def reload(self) -> None:
        """`kill` and not `reload`: of a service that does not run, nothing is wanted."""
        if self.is_running():
            self._systemctl("kill", "--kill-whom=main", "--signal=HUP", AGENT)

    def is_running(self) -> bool:
        return self._call("is-active", "--quiet", AGENT).returncode == 0

    def remove(self) -> None:
        """This program may be running as one of the units itself: it is not stopped, only forgotten."""
        self._call("disable", "--now", AGENT)
        for unit in OWN_UNITS:
            self._call("disable", unit)
            if not unit.endswith(".service"):
                self._call("stop", unit)
        for unit in (AGENT, *OWN_UNITS):
            (UNIT_FOLDER / unit).unlink(missing_ok=True)
        self._call("daemon-reload")
        self._call("reset-failed")

    def _systemctl(self, *arguments: str) -> None:
        done = self._call(*arguments)
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["without a word"])[-1]
            raise OperatorError(f"systemctl {' '.join(arguments)} failed: {said:.200}")

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return call(["systemctl", "--no-pager", *arguments])


def call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Raises OperatorError where it cannot even be started, or does not end."""
    try:
        return subprocess.run(  # noqa: S603  programs and arguments of our own, without a shell
            command, capture_output=True, text=True, errors="replace", timeout=WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OperatorError(f"{command[0]} cannot be used: {error}") from None
