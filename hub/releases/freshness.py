"""Signs again, while the hub runs, what its own keys sign, long before it ends: no person is needed for that."""

import logging
import threading
from collections.abc import Callable

from hub.releases.repository import SignedRepository

log = logging.getLogger(__name__)

_LOOK_S = 3600.0
_TRY_AGAIN_S = 300.0
_SOON_MS = 60 * 86_400_000
_FAREWELL_S = 2.0


class Freshness:
    """A thread that looks every hour. trouble: why it could not, or which offline keys are asked for; for who watches the hub."""

    def __init__(self, repository: SignedRepository, clock: Callable[[], int]) -> None:
        self._repository, self._clock = repository, clock
        self.trouble = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="freshness", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_S)

    def look(self, now: int) -> None:
        """Raises ReleaseMistake."""
        if not self._repository.exists:
            return
        roles = self._repository.refresh(now)
        if roles:
            log.info("releases: signed again: %s", ", ".join(roles))
        ending = [role for role, at in self._repository.offer(now).expires.items() if at - now < _SOON_MS]
        offline = [role for role in ending if role in ("root", "targets")]
        self.trouble = f"sign again with dltv-hub release refresh --keys DIR: {', '.join(offline)}" if offline else ""

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.wait(wait):
            try:
                self.look(self._clock())
                wait = _LOOK_S
            except Exception as error:  # noqa: BLE001  whatever it is, it must not end the thread
                self.trouble = str(error)
                log.warning("releases cannot be signed again (%s); trying again later", error)
                wait = _TRY_AGAIN_S
