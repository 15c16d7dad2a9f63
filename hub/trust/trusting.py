"""The authority of a running hub, kept in step with what was decided: by this process, or by a command beside it.

Every two seconds: was a root rotated or retired, a certificate issued or revoked? Then the list of what is revoked is
written anew, the certificates of servers are looked at, and those who use them are told. Also once a day. Brokers have a
guard of their own (hub/guarding.py).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.pki.certificates import DAY_MS
from hub.pki.kept import Kept, keep_server
from hub.pki.revocation_list import keep_revocation_list
from hub.store.admissions import admissions, admissions_mark
from hub.store.unit_of_work import Store
from hub.trust.opening import open_authority

log = logging.getLogger(__name__)

_LOOK_S = 2.0
_Seen = tuple[tuple[int, int], int]


class Trusting:
    """Raises PkiError where the authority cannot be used. All may be called by any thread."""

    def __init__(self, directory: Path, store: Store, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.authority = open_authority(directory, store, clock())
        self._store = store
        self._kept: list[Callable[[int], Kept]] = []
        self._listeners: list[Callable[[], None]] = []
        self._stale = True
        self._seen: _Seen | None = None
        self.trouble = ""
        self._one_look = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trust", daemon=True)

    def server(self, name: str, names: Sequence[str]) -> Kept:
        """A certificate of a server of the hub, from now on renewed in time: the files stay the same, listeners are told."""
        return self._keep(lambda now: keep_server(self.authority, name, names, now))

    def listen(self, changed: Callable[[], None]) -> None:
        """To be called (by a thread of ours) when files of certificates may have changed."""
        self._listeners.append(changed)

    def look(self) -> bool:
        """Whether something had changed. What fails is tried again with the next look."""
        with self._one_look:
            now = self._clock()
            self._stale |= self.authority.refreshed()
            with self._store.reading() as connection:
                seen = (admissions_mark(connection), now // DAY_MS)
                if not self._stale and seen == self._seen:
                    return False
                found = admissions(connection, now)
            self._stale = True
            for keep in self._kept:
                keep(now)
            keep_revocation_list(self.authority, [each for each, _ in found.revoked], now)
            for changed in self._listeners:
                changed()
            self._stale, self._seen = False, seen
            return True

    def start(self) -> None:
        """After a first look, so that whoever reads the files finds them."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_LOOK_S)

    def _keep(self, keep: Callable[[int], Kept]) -> Kept:
        self._kept.append(keep)
        return keep(self._clock())

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            try:
                self.look()
                trouble = ""
            except Exception as error:  # noqa: BLE001  whatever it is, it must not end the thread
                trouble = f"{type(error).__name__}: {error}"
            if trouble and trouble != self.trouble:
                log.error("trust is not in step with what was decided (%s); trying on", trouble)
            self.trouble = trouble
