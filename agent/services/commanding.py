"""What an NCMD asks, as events for the session. A command that is unknown or of the wrong type is ignored and logged.

Who may command is decided by the broker's access rules.
"""

import logging
from collections.abc import Callable, Iterator

from agent.core.messages import Acknowledged, Event, RebirthAsked, ReplayAsked
from agent.core.wishes import Wish, wish_of
from wire import controls, payloads
from wire.controls import CONTROLS
from wire.errors import WireError
from wire.metrics import Metric, Value, typed

log = logging.getLogger(__name__)


class Commanding:
    """poll_now  called for Poll Now: read everything as soon as possible
    want      called for Update To and Config Version; None where nobody would act on it
    """

    def __init__(self, poll_now: Callable[[], None], want: Callable[[Wish], None] | None = None) -> None:
        self._poll_now, self._want = poll_now, want

    def events(self, payload: bytes) -> list[Event]:
        """What the session has to know of this NCMD."""
        try:
            told = payloads.decode(payload)
        except WireError as error:
            log.warning("a command is ignored: %s", error)
            return []
        for refused in told.refused:
            log.warning("a command is ignored: %s", refused)
        commands = dict(filter(None, map(_read, told.metrics)))
        return [*self._carry_out(commands)]

    def _carry_out(self, commands: dict[str, Value]) -> Iterator[Event]:
        """Births before history: what is replayed then has its names."""
        if commands.get(controls.REBIRTH) is True:
            yield RebirthAsked()
        if commands.get(controls.POLL_NOW) is True:
            self._poll_now()
        acknowledged = commands.get(controls.JOURNAL_ACK)
        if isinstance(acknowledged, int):
            yield Acknowledged(acknowledged)
        yield from _replay(commands)
        for name in (controls.CONFIG_VERSION, controls.UPDATE_TO):
            if name in commands:
                self._wish(name, commands[name])

    def _wish(self, name: str, value: Value) -> None:
        wish = wish_of(name, value)
        if wish is None:
            log.warning("a command is ignored: %s %.80r is no version", name, value)
        elif self._want is None:
            log.warning("%s %r: this agent is not configured for remote updates", name, value)
        else:
            log.info("the hub wants %s %s", wish.kind, wish.version)
            self._want(wish)


def _replay(commands: dict[str, Value]) -> Iterator[Event]:
    first, last = commands.get(controls.REPLAY_FROM), commands.get(controls.REPLAY_TO)
    if isinstance(first, int):
        yield ReplayAsked(first, last if isinstance(last, int) else None)
    elif controls.REPLAY_TO in commands:
        log.warning("a command is ignored: %s without %s", controls.REPLAY_TO, controls.REPLAY_FROM)


def _read(metric: Metric) -> tuple[str, Value] | None:
    """A command's name and its value, if it is one of ours and of its type."""
    name = metric.name
    datatype = CONTROLS.get(name) if name is not None else None
    if name is None or datatype is None:
        log.warning("an unknown command is ignored: %.80r", name if name is not None else metric.alias)
        return None
    try:
        value = typed(metric.value, datatype)
    except WireError as error:
        log.warning("a command is ignored: %s: %s", name, error)
        return None
    if value is None or metric.datatype not in (None, datatype):
        log.warning("a command is ignored: %s is no %s", name, datatype.name)
        return None
    return name, value
