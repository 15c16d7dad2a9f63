"""Live pages: who looks at what, and the word that it has changed.

A page does not get values over this stream, only the topic that changed; it then fetches the part that it shows once more.
Changes come from the ingest thread, streams live in the server's event loop. A slow viewer costs nothing: what waits for it
is a set of the topics that it asked for, however often they change. Nor do many changes: the first is told at once, those that
follow it within an interval are told together at its end, so that what many viewers share is made anew once for all of them.
And the more viewers there are, the longer each rests between two words: they ask for what changed, and share one server.
A page carries the mark of when it was made, and the first event that of its topics' last change: most pages need not ask again.
"""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from hub.core.equipment import NodeKey
from hub.core.live import Changes

FLEET = "fleet"
TICKETS = "tickets"
HEARTBEAT = b"event: beat\ndata: beat\n\n"
"""An event, not a comment, so that the page can tell a quiet hub from a dead line."""
_REST_A_VIEWER_S = 0.02
"""Two hundred viewers of a fleet that never rests ask fifty times a second, each of them every four seconds."""
_MOST_TOPICS = 50_000


def node_topic(node: NodeKey) -> str:
    return f"node {node}"


def ticket_topic(ticket_id: int) -> str:
    return f"ticket {ticket_id}"


def request_topic(number: str) -> str:
    return f"request {number}"


def node_of_topic(topic: str) -> NodeKey | None:
    """The node that a topic is about; None for the other kinds."""
    kind, _, key = topic.partition(" ")
    group, slash, name = key.partition("/")
    return NodeKey(group, name) if kind == "node" and slash else None


def ticket_of_topic(topic: str) -> str | None:
    """The number of the ticket that a topic is about; None for the other kinds."""
    kind, _, number = topic.partition(" ")
    return number if kind == "ticket" else None


def request_of_topic(topic: str) -> str | None:
    """The number of the office's request that a topic is about; None for the other kinds."""
    kind, _, number = topic.partition(" ")
    return number if kind == "request" else None


def topics_of(changes: Changes) -> frozenset[str]:
    """The topics that these changes concern."""
    if not changes:
        return frozenset()
    nodes = {node_topic(node) for node in changes.nodes}
    tickets = {ticket_topic(ticket_id) for ticket_id in changes.tickets}
    requests = {request_topic(number) for number in changes.requests}
    fleet = {FLEET} if nodes or tickets else set()
    return frozenset(fleet | nodes | tickets | requests | ({TICKETS} if tickets else set()))


def hello(mark: str) -> bytes:
    """The first event of a stream."""
    return f"retry: 2000\nevent: hello\ndata: {mark}\n\n".encode()


def event(topic: str) -> bytes:
    """The topic as a server-sent event, named after the topic's kind so that a template can wait for it."""
    return f"event: {topic.split(maxsplit=1)[0]}\ndata: {topic}\n\n".encode()


@dataclass(eq=False, slots=True)
class _Viewer:
    topics: frozenset[str]
    who: str
    changed: set[str] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The switchboard between committed changes and open pages."""

    def __init__(self, *, interval_s: float = 1.0, heartbeat_s: float = 15.0) -> None:
        self._interval_s = interval_s
        self._heartbeat_s = heartbeat_s
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._viewers: set[_Viewer] = set()
        self._closed = False
        self._version = 0
        self._life = secrets.token_hex(4)
        self._told: dict[str, int] = {}
        self._forgotten = 0
        self._waiting: set[str] = set()
        self._teller: asyncio.TimerHandle | None = None
        self._told_at = 0.0

    @property
    def version(self) -> int:
        """Counts what viewers were told. Who reads it before the store reads what it stands for, or newer."""
        return self._version

    @property
    def mark(self) -> str:
        """`version` of this hub since it was started: what a page is marked with before the store is read for it."""
        return f"{self._life}.{self._version}"

    def mark_of(self, topics: Iterable[str]) -> str:
        """When one of these was told of last; a page with an older mark, or that of another hub, is made anew."""
        with self._lock:
            last = max((self._told.get(topic, self._forgotten) for topic in topics), default=0)
        return f"{self._life}.{last}"

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def viewers_of(self, who: str) -> int:
        return sum(viewer.who == who for viewer in self._viewers)

    def publish(self, changes: Changes) -> None:
        """Tell the open pages. Any thread may call it; it neither blocks nor fails."""
        topics = topics_of(changes)
        if topics and not self._in_loop(lambda: self._gather(topics)):
            # Nobody has a page open; who opens one now gets what is new.
            self._count(topics)

    def close(self) -> None:
        """End all streams, now and in future; the server stops only when they have ended. Any thread may call it."""
        self._closed = True
        self._in_loop(self._wake_all)

    async def stream(self, topics: Iterable[str], who: str = "") -> AsyncIterator[bytes]:
        """The events of one viewer: the first at once, then at most one batch an interval; a heartbeat where all is still."""
        viewer = _Viewer(frozenset(topics), who)
        self._enter(asyncio.get_running_loop())
        self._viewers.add(viewer)
        try:
            yield hello(self.mark_of(viewer.topics))
            while not self._closed:
                yield await self._next(viewer)
                await self._rest()
        finally:
            self._viewers.discard(viewer)

    async def _next(self, viewer: _Viewer) -> bytes:
        with suppress(TimeoutError):
            await asyncio.wait_for(viewer.wake.wait(), self._heartbeat_s)
        viewer.wake.clear()
        changed, viewer.changed = viewer.changed, set()
        return b"".join(map(event, sorted(changed))) or HEARTBEAT

    async def _rest(self) -> None:
        """The pause between two batches, in steps, so that a server that stops is not held up."""
        rest = max(self._interval_s, len(self._viewers) * _REST_A_VIEWER_S)
        until = asyncio.get_running_loop().time() + rest
        while not self._closed and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, 0.2))

    def _enter(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop of the streams; what another one was about to tell is lost with its viewers."""
        with self._lock:
            lost = self._waiting if self._loop is not loop else set()
            if self._loop is not loop:
                self._loop, self._teller = loop, None
        if lost:
            self._count(frozenset(lost))

    def _gather(self, topics: frozenset[str]) -> None:
        self._waiting |= topics
        if self._teller is None:
            loop = asyncio.get_running_loop()
            self._teller = loop.call_at(max(loop.time(), self._told_at + self._interval_s), self._tell)

    def _tell(self) -> None:
        self._teller, self._told_at = None, asyncio.get_running_loop().time()
        topics, self._waiting = frozenset(self._waiting), set()
        self._count(topics)
        for viewer in self._viewers:
            if concerned := viewer.topics & topics:
                viewer.changed |= concerned
                viewer.wake.set()

    def _wake_all(self) -> None:
        for viewer in self._viewers:
            viewer.wake.set()

    def _count(self, topics: frozenset[str]) -> None:
        with self._lock:
            self._version += 1
            if len(self._told) > _MOST_TOPICS:
                self._told.clear()
                self._forgotten = self._version
            self._told.update(dict.fromkeys(topics, self._version))

    def _in_loop(self, call: Callable[[], None]) -> bool:
        """False where there is none: one that has closed meanwhile has no viewers any more."""
        with self._lock:
            loop = self._loop
        if loop is None:
            return False
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:
            return False
        return True
