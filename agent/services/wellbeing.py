"""Tells whether this agent is healthy, so that who has just installed it may keep it, or go back to the one before.

Healthy is what has its journal open, has read its own computer, and has told its birth to a host that is online. It is told
once: what happens later, such as a broken line, is not the fault of a new version.
"""

from collections.abc import Callable

from agent.core.moment import Moment
from agent.core.readings import Poll
from wire.handoff import Health

Tell = Callable[[Health], None]


class Wellbeing:
    def __init__(self, version: str, tell: Tell) -> None:
        self._version, self._tell = version, tell
        self._health: Health | None = None
        self._has_read = False

    def start(self, now: Moment) -> None:
        self._say(Health(self._version, now.utc))

    def hear(self, poll: Poll) -> None:
        """Of its own computer, the first one counts."""
        self._has_read |= poll.device is None

    def look(self, now: Moment, *, online: bool) -> None:
        """online: the birth was told to a host that is online."""
        if online and self._has_read and self._health is not None and self._health.healthy_at is None:
            self._say(Health(self._version, self._health.started_at, now.utc))

    def _say(self, health: Health) -> None:
        self._health = health
        self._tell(health)
