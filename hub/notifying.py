"""Incidents told by e-mail: noted in the transaction that keeps them, sent by a thread of its own that nothing waits for.

A letter is sent first and marked as sent then: a hub that is killed in between sends it once more after its start, with the
same Message-ID. So each is told at least once while the server takes it, and at most twice for each such end.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from hub.core.findings import Incident
from hub.core.insights import IncidentView
from hub.core.notices import Notice, Turn
from hub.mail.errors import LetterDelayed, LetterRefused
from hub.mail.settings import NoticeSettings
from hub.mail.smtp import post_of
from hub.runtime import Loop
from hub.store.outbox import keep_notices, settle, waiting
from hub.store.unit_of_work import Store, UnitOfWork
from hub.web.letters import Letters

log = logging.getLogger(__name__)

_EVERY_S = 5.0
_BACK_OFF_S = (15.0, 30.0, 60.0, 120.0, 300.0, 900.0)
_FAREWELL_S = 0.5

Look = Callable[[str, str], IncidentView | None]


class Notices:
    """Who is told, and the thread that tells. With nobody to tell or no server it does nothing at all."""

    def __init__(
        self,
        settings: NoticeSettings,
        store: Store,
        look: Look,
        zone: ZoneInfo,
        clock: Callable[[], int],
        *,
        every_s: float = _EVERY_S,
    ) -> None:
        people = settings.readers
        self._people = {person.address: person for person in people}
        self._store, self._look, self._clock = store, look, clock
        self._letters = Letters(zone, settings.link) if people else None
        self._post = post_of(settings) if people else None
        self._failures, self._every_s = 0, every_s
        self._closing = threading.Event()
        self._loop = Loop("notices", self._step, lambda: None)

    def note(self, work: UnitOfWork, told: Iterable[Incident], now: int) -> None:
        """In the transaction in which the incidents are kept."""
        keep_notices(work.connection, self._people.values(), told, now)

    def start(self) -> None:
        if self._post is not None:
            self._loop.start()

    def stop(self) -> None:
        """What waits is sent after the next start."""
        self._closing.set()
        self._loop.stop(_FAREWELL_S)

    def send(self) -> None:
        """All that is due. Raises MailError after the letters that could be sent, where others have to wait."""
        delayed: LetterDelayed | None = None
        with self._store.reading() as connection:
            due = waiting(connection, self._clock())
        for told in due:
            if self._closing.is_set():
                return
            try:
                self._tell(told)
            except LetterDelayed as error:
                delayed = error
        if delayed is not None:
            raise delayed

    def _step(self) -> None:
        pause = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S)) - 1] if self._failures else self._every_s
        if self._closing.wait(pause):
            return
        self._failures += 1
        self.send()
        self._failures = 0

    def _tell(self, told: Notice) -> None:
        person, view = self._people.get(told.address), self._look(told.group, told.key)
        if person is None:
            self._settle(told, sent=False)
            return
        if self._post is None or self._letters is None or (view is None and Turn.ENDED not in told.turns):
            return
        try:
            self._post.send(self._letters.write(told, person, view), self._clock())
        except LetterRefused as error:
            log.warning("%s is not told of incident %s: %s", told.address, told.key, error)
            self._settle(told, sent=False)
            return
        self._settle(told, sent=True)

    def _settle(self, told: Notice, *, sent: bool) -> None:
        with self._store.begin() as work:
            settle(work.connection, told, sent=sent)
