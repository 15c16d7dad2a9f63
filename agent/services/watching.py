"""Watches for serial adapters that nobody configured: what is recognised there without doubt becomes a device.

Each is asked once, read-only, in a thread of its own; again only after it was unplugged. What is new is decided in
agent.core.arrivals, what it is in agent.core.discovery; who polls it and tells of it is not known here.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from agent.core.arrivals import Arrivals
from agent.core.devices import DeviceSettings
from agent.core.discovery import Answer, judge
from agent.core.proposals import Proposal, propose, shown
from agent.ports import Clock
from agent.services.devices import Device, OpenLink, build_device
from agent.services.recognition import Recognition
from firmware_profiles.loader import Catalogue
from firmware_profiles.schema import Profile

log = logging.getLogger(__name__)

STOP_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Lines:
    """present: the lines that are there, by name, with their real places; real: the real place of an address."""

    present: Callable[[], Mapping[str, str]]
    real: Callable[[str], str]
    open_link: OpenLink


class Watching:
    """start, stop; then it is done. every_s 0: it never looks."""

    def __init__(
        self,
        lines: Lines,
        catalogue: Catalogue,
        configured: Iterable[DeviceSettings],
        adopt: Callable[[Device], None],
        clock: Clock,
        *,
        every_s: float,
    ) -> None:
        self._lines, self._catalogue, self._adopt = lines, catalogue, adopt
        self._devices = list(configured)
        self._every_s = every_s
        self._arrivals = Arrivals()
        self._stopping = threading.Event()
        self._recognition = Recognition(lines.open_link, clock, self._stopping)
        self._thread = threading.Thread(target=self._run, name="watch lines", daemon=True)

    def start(self) -> None:
        if self._every_s:
            self._thread.start()

    def stop(self) -> None:
        """A line that hangs is left to its daemon thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except Exception:
                log.exception("looking for new equipment failed")
            self._stopping.wait(self._every_s)

    def _look(self) -> None:
        used = {self._lines.real(each.address) for each in self._devices}
        for name in self._arrivals.take(self._lines.present(), used):
            self._ask(name)

    def _ask(self, name: str) -> None:
        answers = [answer for profile in self._profiles() if (answer := self._answer(name, profile))]
        if self._stopping.is_set():
            return
        found, doubts = judge(answers)
        sure = [each for each in found if not each.answer.locked]
        for proposal in propose(sure, {each.key for each in self._devices}, ()):
            self._take_in(proposal)
        if not sure:
            rivals = " or ".join(doubts[0].profiles if doubts else [each.answer.profile.id for each in found])
            log.info("%s: %s", name, f"may be {rivals}: add it by hand" if rivals else "nothing known answers there")

    def _answer(self, name: str, profile: Profile) -> Answer | None:
        return None if self._stopping.is_set() else self._recognition.ask(name, name, profile)

    def _profiles(self) -> Iterator[Profile]:
        """Those that go on a line; read only where something new is there, which is rare."""
        for profile_id in self._catalogue:
            profile = self._catalogue.profile(profile_id)
            if profile.link.serial and profile.recognise.probe:
                yield profile

    def _take_in(self, proposal: Proposal) -> None:
        answer = proposal.found.answer
        settings = DeviceSettings(key=proposal.key, profile=answer.profile.id, address=answer.address)
        device = build_device(settings, self._catalogue, self._lines.open_link)
        self._devices.append(settings)
        log.info(
            "%s: found %s %s, polled as %s from now on; to keep it, stop the agent and run dltv-agent discover --apply",
            *(answer.address, answer.profile.id, shown(answer.model), proposal.key),
        )
        self._adopt(replace(device, equipment=replace(device.equipment, properties=answer.properties)))
