"""Talks with one device: a codec's dialogues carried out on a link, with deadlines, further tries and pauses.

How long a connection is kept is the profile's say; who is asked what, and when, is decided in agent.services.driver.
"""

import threading
from collections.abc import Callable

from agent.errors import LinkError, LinkLost
from agent.ports import Clock, Link
from agent.protocols.codec import Codec, Dialogue, T
from firmware_profiles import links
from firmware_profiles.decode import Reply
from firmware_profiles.links import Connection

SLICE_S = 0.25
"""How long a wait may go on before it is seen that the program is stopping."""
MAX_STALE_READS = 64


class Conversation:
    """The Channel to one device."""

    def __init__(
        self,
        open_link: Callable[[], Link],
        codec: Codec,
        settings: links.Link,
        clock: Clock,
        stopping: threading.Event,
    ) -> None:
        self._open_link, self._codec, self._settings = open_link, codec, settings
        self._clock, self._stopping = clock, stopping
        self._link: Link | None = None
        self._answered_at: int | None = None

    def ask(self, request: str) -> Reply:
        """The answer to `request`. Raises LinkError."""
        last: LinkError = LinkLost("stopping")
        for _ in range(1 + self._settings.retries):
            if self._stopping.is_set():
                break
            link = self._opened()
            try:
                return self._asked(link, request)
            except LinkLost as error:
                last = error
                self.close()
            except LinkError:
                self.close()
                raise
        raise last

    def close(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _opened(self) -> Link:
        if self._link is None:
            link = self._open_link()
            try:
                self._hold(link, self._codec.greet())
            except BaseException:
                link.close()
                raise
            self._link = link
        return self._link

    def _asked(self, link: Link, request: str) -> Reply:
        self._keep_the_gap()
        _discard_stale(link)
        try:
            return self._hold(link, self._codec.ask(request))
        finally:
            self._answered_at = self._clock.mono_ms()
            if self._settings.connection is Connection.PER_REQUEST:
                self.close()

    def _keep_the_gap(self) -> None:
        if self._answered_at is None:
            return
        left_s = (self._answered_at + self._settings.gap_ms - self._clock.mono_ms()) / 1000
        if left_s > SLICE_S:
            self._stopping.wait(left_s)
        elif left_s > 0:
            # Before each question: to sleep costs a quarter of what it costs to wait for an event.
            self._clock.sleep(left_s)

    def _hold(self, link: Link, dialogue: Dialogue[T]) -> T:
        """Carry out a dialogue; one deadline holds for all of it."""
        deadline = self._clock.mono_ms() + self._settings.timeout_ms
        try:
            to_send = next(dialogue)
            while True:
                if to_send:
                    link.send(to_send)
                to_send = dialogue.send(self._received(link, deadline))
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]

    def _received(self, link: Link, deadline: int) -> bytes:
        while not self._stopping.is_set():
            left_s = (deadline - self._clock.mono_ms()) / 1000
            if left_s <= 0:
                raise LinkLost(f"no answer within {self._settings.timeout_ms} ms")
            received = link.receive(min(left_s, SLICE_S))
            if received is not None:
                return received
        raise LinkLost("stopping")


def _discard_stale(link: Link) -> None:
    """Read away what came too late for the request before, so that it is not taken for this one's answer."""
    for _ in range(MAX_STALE_READS):
        stale = link.receive(0)
        if stale is None:
            return
        if not stale:
            raise LinkLost("the connection was closed")
    raise LinkLost("the line is full of noise")
