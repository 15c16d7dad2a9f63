"""Messages on their way to people: spread over their ways, claimed, put into words, sent, and what became of them noted.

E-mail by the office's own server is sent at least once, with the same Message-ID each time; any other way at most once where
nobody can know whether it was taken (docs/messages.md).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from hub.core.notices import Letter as MailLetter
from hub.mail.errors import LetterDelayed, LetterRefused, MailError
from hub.mail.settings import NoticeSettings
from hub.mail.smtp import post_of
from hub.messages.deliveries import Outcome, settled
from hub.messages.kinds import TEST
from hub.messages.spreading import spread
from hub.messages.views import KeptWay, News
from hub.messaging.addresses import EMAIL, recipient
from hub.messaging.courier import Courier, Reply
from hub.messaging.reach import Network
from hub.messaging.sealing import Seal, SealBroken
from hub.store.deliveries import DeliveryRows, Letter, is_known_again
from hub.store.message_ways import choices, everybody
from hub.store.messages import keep_tellings, unspread
from hub.store.unit_of_work import Store
from hub.web.message_words import MessageWords

log = logging.getLogger(__name__)
_AT_ONCE = 100


class Hand:
    """Hands one letter to one way, whichever it is."""

    def __init__(self, mail: NoticeSettings, networks: Sequence[Network]) -> None:
        self._post, self._networks = post_of(mail), tuple(networks)

    @property
    def has_mail(self) -> bool:
        return self._post is not None

    def courier(self) -> Courier:
        return Courier(self._networks)

    def give(self, courier: Courier, address: str, letter: MailLetter, now: int) -> Reply:
        """`letter.to` is of no interest to ways that are addresses themselves."""
        if not address.startswith(f"{EMAIL}:"):
            return courier.send(address, letter.subject, letter.body)
        if self._post is None:
            return Reply(Outcome.LATER, "no_mail_server")
        try:
            self._post.send(letter, now)
        except LetterRefused:
            return Reply(Outcome.REFUSED, "refused")
        except LetterDelayed:
            return Reply(Outcome.LATER, "later")
        except MailError as error:
            log.warning("a letter waits: %s", error)
            return Reply(Outcome.LATER, "mail_server")
        return Reply(Outcome.TAKEN)


class Sending:
    """On the thread of hub.office.messages; `test` on that of a page."""

    def __init__(self, store: Store, hand: Hand, seal: Callable[[], Seal], words: MessageWords, zone: ZoneInfo) -> None:
        self._store, self.hand, self.seal, self.words, self._zone = store, hand, seal, words, zone

    def recover(self, now: int) -> None:
        """What was claimed by a hub that is no more."""
        with self._store.begin() as work:
            DeliveryRows(work.connection).recover(now)

    def spread(self, now: int) -> None:
        """New messages to the ways of those whom they are for."""
        while True:
            with self._store.begin() as work:
                messages = unspread(work.connection, _AT_ONCE)
                office = everybody(work.connection, self._zone) if messages else None
                for message in messages:
                    assert office is not None
                    keep_tellings(work.connection, message.id, spread(message, office, now), now)
            if len(messages) < _AT_ONCE:
                return

    def send(self, clock: Callable[[], int], closing: threading.Event) -> None:
        """All that is due, each by itself: one that fails keeps no other waiting."""
        with self._store.reading() as connection:
            letters = DeliveryRows(connection).due(clock())
            languages = {owner: choice.language for owner, choice in choices(connection).items()}
        if not letters:
            return
        with self.hand.courier() as courier:
            for letter in letters:
                if closing.is_set():
                    return
                self._send(letter, languages.get(letter.owner, "th"), courier, clock())

    def test(self, way: KeptWay, language: str, now: int) -> Reply:
        """A message to oneself, while one waits."""
        with self.hand.courier() as courier:
            written = self._written(f"test-{way.id}-{now}", (News(TEST, {}, now),), language)
            return self._give(courier, way.sealed, written, now)

    def _send(self, letter: Letter, language: str, courier: Courier, now: int) -> None:
        with self._store.begin() as work:
            if not DeliveryRows(work.connection).claim(letter, now):
                return
        reply = self._tried(letter, language, courier, now)
        after = settled(reply.outcome, letter.tries, now, known_again=is_known_again(letter.service))
        if reply.outcome is not Outcome.TAKEN:
            log.warning("message by way %d (%s): %s", letter.way, letter.service, reply.trouble)
        with self._store.begin() as work:
            DeliveryRows(work.connection).settle(letter, after, reply.trouble, now)

    def _tried(self, letter: Letter, language: str, courier: Courier, now: int) -> Reply:
        """Whatever goes wrong after the claim: the letter may have gone, and the others are not kept waiting."""
        try:
            return self._give(courier, letter.sealed, self._written(letter.id, letter.news, language), now)
        except Exception:
            log.exception("message by way %d (%s) broke off", letter.way, letter.service)
            return Reply(Outcome.UNSURE, "unsure")

    def _written(self, name: str, news: Sequence[News], language: str) -> MailLetter:
        subject, body = self.words.letter(news, language)
        return MailLetter("", language, subject, body, name)

    def _give(self, courier: Courier, sealed: str, written: MailLetter, now: int) -> Reply:
        try:
            address = self.seal().open(sealed)
        except SealBroken as error:
            log.warning("%s", error)
            return Reply(Outcome.REFUSED, "sealed")
        return self.hand.give(courier, address, replace(written, to=recipient(address)), now)
