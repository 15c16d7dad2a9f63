"""One round with one device: what is due is asked and decoded. When the rounds are is decided in agent.services.polling.

A device is reachable when it answered the first poll of its profile. What it then refuses or leaves unanswered is None; after a
question that stayed unanswered the first one is asked again, so that a device that went away is lost at once. Its identity is
asked once it is reachable; after a loss it is asked everything again.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.core.entries import fitting
from agent.core.readings import Poll, Value
from agent.core.schedule import Schedule
from agent.errors import LinkError, LinkLost
from agent.ports import Channel, Clock
from agent.services.devices import Device
from firmware_profiles.decode import Reply, decode
from firmware_profiles.links import Connection
from firmware_profiles.schema import Question
from wire.metrics import DataType
from wire.vocabulary import BY_KIND, NODE, REACHABLE

log = logging.getLogger(__name__)

POWER = "power/on"
IDENTITY_AGAIN_MS = 600_000
MOST_REMEMBERED = 512
"""Characters of an answer: a long one seldom comes again as it was."""
_FRACTIONAL = {DataType.FLOAT, DataType.DOUBLE}


@dataclass(slots=True)
class _Known:
    """What the device said before: whether it is switched on, and who it is. Forgotten when it is lost.

    is_nothing  it has not answered since: when it does, it is asked everything
    said        its last answer to each question, and what that says: on most rounds it says the same again
    """

    is_nothing: bool = True
    power: Value = None
    properties: dict[str, str] | None = None
    identity_at: int | None = None
    said: dict[str, tuple[str, dict[str, Value]]] = field(default_factory=dict)


class Driver:
    """Not for more than one thread."""

    def __init__(self, device: Device, channel: Channel, clock: Clock) -> None:
        self.device, self._channel, self._clock = device, channel, clock
        self._questions = {poll.name: poll for poll in device.profile.polls}
        every_ms = {poll.name: max(1, round(poll.every_s * device.pace * 1000)) for poll in device.profile.polls}
        self._schedule = Schedule(every_ms, clock.mono_ms())
        self._is_host = device.equipment.key is None
        self._datatypes = NODE if self._is_host else BY_KIND[device.equipment.kind]
        self._known = _Known()

    def next_at(self) -> int:
        """When something is due (monotonic ms)."""
        return self._schedule.next_at()

    def hurry(self) -> None:
        """Everything is due now."""
        self._schedule.hurry(self._clock.mono_ms())

    def round(self) -> Poll:
        """Ask what is due. A device that does not answer is a Poll too; nothing but the unforeseen is raised."""
        if self._known.is_nothing and not self._is_host:
            self.hurry()
        due = self._schedule.take(self._clock.mono_ms())
        try:
            readings = self._read(due)
            properties = self._identify()
        except LinkError as error:
            self._channel.close()
            return self.lost(str(error))
        if self.device.profile.link.connection is not Connection.KEPT:
            self._channel.close()
        return Poll(self.device.equipment.key, self._clock.utc_ms(), readings, properties)

    def lost(self, problem: str) -> Poll:
        """It did not answer."""
        self._known = _Known()
        readings: dict[str, Value] = {} if self._is_host else {REACHABLE: False}
        return Poll(self.device.equipment.key, self._clock.utc_ms(), readings, None, problem)

    def close(self) -> None:
        self._channel.close()

    def _read(self, due: tuple[str, ...]) -> dict[str, Value]:
        first, *others = self._questions.values()
        readings: dict[str, Value] = {}
        if self._is_host:
            others = [first, *others]
        else:
            readings |= {REACHABLE: True, **self._answer(first, must=True)}
            self._known.is_nothing = False
            self._known.power = readings.get(POWER)
        for poll in others:
            if poll.name in due:
                readings |= dict.fromkeys(poll.targets) if self._must_wait(poll) else self._answer(poll)
        return readings

    def _answer(self, question: Question, *, must: bool = False) -> dict[str, Value]:
        """What the answer says; all None where there is none. Raises LinkError where there must be one."""
        try:
            reply = self._channel.ask(question.request)
        except LinkError as error:
            if must:
                raise
            log.debug("%s: %s: %s", self.device.name, question.name, error)
            if isinstance(error, LinkLost) and not self._is_host:
                self._make_sure()
            return dict.fromkeys(question.targets)
        return self._understood(question, reply)

    def _understood(self, question: Question, reply: Reply) -> dict[str, Value]:
        before = self._known.said.get(question.name)
        if before is not None and before[0] == reply:
            return before[1]
        values = self._fitted(decode(question, reply, set_id=self.device.set_id))
        if isinstance(reply, str) and len(reply) <= MOST_REMEMBERED:
            self._known.said[question.name] = (reply, values)
        return values

    def _make_sure(self) -> None:
        """It may have gone in the midst of the round: then the rest need not be waited for. Raises LinkError."""
        self._channel.ask(self.device.profile.polls[0].request)

    def _fitted(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Values of the vocabulary's datatypes."""
        fitted: dict[str, Value] = {}
        for name, value in values.items():
            datatype = self._datatypes.get(name, DataType.STRING)
            whole = isinstance(value, float) and datatype not in _FRACTIONAL
            fitted[name] = fitting(round(value) if whole and isinstance(value, float) else value, datatype)
        return fitted

    def _identify(self) -> dict[str, str] | None:
        """The properties, when they changed. What the device did not tell is asked again after a while."""
        known, now = self._known, self._clock.mono_ms()
        told = known.properties or {}
        unknown = [one for one in self.device.profile.identity if not set(one.targets) <= told.keys()]
        wanted = [one for one in unknown if not self._must_wait(one)]
        asked_lately = known.identity_at is not None and now - known.identity_at < IDENTITY_AGAIN_MS
        if not wanted or asked_lately:
            return None
        known.identity_at = now
        known.properties = self._asked_who(wanted) | told
        return dict(known.properties) if known.properties != told else None

    def _must_wait(self, question: Question) -> bool:
        """Whether it can be asked only when the device is switched on, and it is not."""
        return question.needs_power and self._known.power is False

    def _asked_who(self, questions: list[Question]) -> dict[str, str]:
        told: dict[str, str] = {}
        for question in questions:
            for name, value in self._answer(question).items():
                if value is not None:
                    told[name] = f"{told[name]} {value}" if name in told else str(value)
        return told
