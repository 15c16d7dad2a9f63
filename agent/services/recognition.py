"""Asks one address whether it is of a profile: the profile's first poll, then who it is. Read-only, hasty, never twice."""

import re
import threading
from collections.abc import Mapping

from agent.core.devices import DeviceSettings
from agent.core.discovery import Answer
from agent.errors import LinkError, Refused
from agent.ports import Channel, Clock
from agent.services.devices import BadDevice, Device, OpenLink, build_device
from firmware_profiles.decode import decode
from firmware_profiles.expressions import LONGEST
from firmware_profiles.schema import Profile, Question

TIMEOUT_MS = 1500
_STRANGER = "stranger"


class Recognition:
    """For any number of threads."""

    def __init__(self, open_link: OpenLink, clock: Clock, stopping: threading.Event) -> None:
        self._open_link, self._clock, self._stopping = open_link, clock, stopping

    def ask(self, place: str, address: str, profile: Profile) -> Answer | None:
        """None where nothing, or something else, answers."""
        device = self._stranger(address, profile)
        channel = device.open_channel(self._clock, self._stopping)
        try:
            known = any(value is not None for value in _values(channel, device, profile.polls[0]).values())
            if not known or not all(_proves(channel.ask(one.request), one.answer) for one in profile.recognise.proof):
                return None
            return Answer(place, address, profile, self._identity(channel, device))
        except Refused as refusal:
            return Answer(place, address, profile, {}, str(refusal) or "it refuses")
        except LinkError:
            return None
        finally:
            channel.close()

    def _stranger(self, address: str, profile: Profile) -> Device:
        settings = DeviceSettings(key=_STRANGER, profile=profile.id, address=address)
        try:
            return build_device(settings, _Hasty(profile), self._open_link)
        except BadDevice as error:
            raise ValueError(f"{address} is none of {profile.id}: {error}") from None

    def _identity(self, channel: Channel, device: Device) -> dict[str, str]:
        told: dict[str, str] = {}
        for question in device.profile.identity:
            if self._stopping.is_set():
                break
            try:
                values = _values(channel, device, question)
            except LinkError:
                continue
            for name, value in values.items():
                if value is not None:
                    told[name] = f"{told[name]} {value}" if name in told else str(value)
        return told


class _Hasty:
    """The profile with a shorter patience: most of those who are asked are not there."""

    def __init__(self, profile: Profile) -> None:
        link = profile.link
        hasty = link.model_copy(update={"timeout_ms": min(link.timeout_ms, TIMEOUT_MS), "retries": 0})
        self._profile = profile.model_copy(update={"link": hasty})

    def profile(self, _profile_id: str) -> Profile:
        return self._profile


def _proves(reply: str | Mapping[str, object], answer: str) -> bool:
    text = reply if isinstance(reply, str) else "\n".join(f"{name}={value}" for name, value in reply.items())
    return re.search(answer, text[:LONGEST]) is not None


def _values(channel: Channel, device: Device, question: Question) -> Mapping[str, object]:
    return decode(question, channel.ask(question.request), set_id=device.set_id)
