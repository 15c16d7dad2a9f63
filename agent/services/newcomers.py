"""Makes devices of what was recognised while the agent runs, each once: what is polled already is not told again.

A set that has a serial number is known again wherever it is. When it no longer answers where it was, its polling follows it;
not where it is asked with a password: that would go to whoever says to be this set. Who polls and tells is not known here.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.core.devices import DeviceSettings
from agent.core.discovery import Answer, judge
from agent.core.finds import Find, Finds, telling
from agent.core.identities import SERIAL_NUMBER, Identities
from agent.core.proposals import shown
from agent.services.devices import Device, OpenLink, build_device
from firmware_profiles.schema import Profile

log = logging.getLogger(__name__)

KEEP = "to keep it, stop the agent and run dltv-agent discover --apply"


@dataclass(frozen=True, slots=True)
class Hands:
    """Into which a device is given: adopt for a new one, move for one that is polled at another address from now on.

    keep  makes the names of finds outlast the agent
    """

    adopt: Callable[[Device], None]
    move: Callable[[Device], None]
    keep: Callable[[Finds], None]


class Newcomers:
    """For one thread."""

    def __init__(
        self, configured: Iterable[DeviceSettings], identities: Identities, finds: Finds, hands: Hands
    ) -> None:
        self._settings = {each.key: each for each in configured}
        self._identities, self._finds, self._hands = identities, finds, hands

    @property
    def settings(self) -> dict[str, DeviceSettings]:
        """Of all devices by their keys: those of the configuration, where they have moved to, and those that were found."""
        return dict(self._settings)

    @property
    def addresses(self) -> list[str]:
        """Where devices are already."""
        return [each.address for each in self._settings.values()]

    def take(self, answers: Iterable[Answer], open_link: OpenLink) -> str:
        """Of one place. What to tell an operator, where nothing there is a device without doubt."""
        said = list(answers)
        found, doubts = judge(said)
        sure = [each.answer for each in found if not each.answer.locked]
        for answer in sure:
            serial = next((plain for each in said if (plain := _serial(each, answer.profile.kind))), "")
            owner = self._identities.owner(answer.profile.kind, serial)
            if owner is None:
                self._take_in(answer, serial, open_link)
            else:
                self._meet_again(owner, answer, open_link)
        if sure:
            return ""
        rivals = " or ".join(doubts[0].profiles if doubts else [each.answer.profile.id for each in found])
        return f"may be {rivals}: add it by hand" if rivals else "nothing known answers there"

    def _take_in(self, answer: Answer, serial: str, open_link: OpenLink) -> None:
        key = self._finds.name(Find(answer.profile.kind, answer.address, serial), self._settings)
        settings = DeviceSettings(key=key, profile=answer.profile.id, address=answer.address)
        device = build_device(settings, _Only(answer.profile), open_link)
        properties = {**({SERIAL_NUMBER: serial} if serial else {}), **answer.properties}
        equipment = replace(device.equipment, properties=properties)
        self._settings[key] = settings
        self._identities.declare(equipment)
        self._hands.keep(self._finds)
        what = (answer.address, answer.profile.id, shown(answer.model), key)
        log.info("%s: found %s %s, polled as %s from now on; " + KEEP, *what)
        self._hands.adopt(replace(device, equipment=equipment))

    def _meet_again(self, key: str, answer: Answer, open_link: OpenLink) -> None:
        settings = self._settings[key]
        if self._identities.answers(key):
            log.info("%s: is %s by its serial number, which answers at %s", answer.address, key, settings.address)
        elif settings.profile != answer.profile.id or _is_secret(settings):
            what = (answer.address, key, settings.address)
            log.warning("%s: is %s by its serial number, silent at %s; change its address in the settings", *what)
        else:
            moved = settings.model_copy(update={"address": answer.address})
            log.warning("%s: has moved from %s to %s, and is polled there", key, settings.address, answer.address)
            self._settings[key] = moved
            self._hands.move(build_device(moved, _Only(answer.profile), open_link))


class _Only:
    """The profile by which it was recognised."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def profile(self, _profile_id: str) -> Profile:
        return self._profile


def _serial(answer: Answer, kind: str) -> str:
    return telling(answer.properties.get(SERIAL_NUMBER, "")) if answer.profile.kind == kind else ""


def _is_secret(settings: DeviceSettings) -> bool:
    return settings.user is not None or settings.password is not None
