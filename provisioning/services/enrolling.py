"""Carries the enrolment table out: from a code on a slip to an agent that runs. Killed at any point, it goes on from there."""

import hashlib
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from provisioning.core.contract import Enrolled, EnrolRequest, Hardware
from provisioning.core.enrolment import NEXT, Facts, State, Step, state_of
from provisioning.core.record import Given
from provisioning.errors import Later, NotOurHub, NotTrusted
from provisioning.services.identity import Held, Identity
from provisioning.services.parts import Parts
from provisioning.services.reaching import Reaching
from provisioning.services.timekeeping import Timekeeping

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on it: where the hub is, the fingerprint of its root, and the code, as core.contract reads them."""

    address: str
    pin: str
    code: str

    @property
    def mark(self) -> str:
        """Names the code without telling it."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:16]


class Enrolling:
    def __init__(self, parts: Parts, identity: Identity, reaching: Reaching, time: Timekeeping) -> None:
        self._parts, self._identity, self._reaching, self._time = parts, identity, reaching, time

    def enrol(self, slip: Slip, hardware: Hardware) -> Enrolled:
        """As whom. A code that this device was enrolled by already is fine."""
        folder = self._parts.layout.identities / slip.mark
        while (state := self.state(slip, folder)) is not State.ACTIVE:
            log.debug("%s", state.name)
            self._do(NEXT[state], slip, folder, hardware)
        return self._identity.require().enrolled

    def state(self, slip: Slip, folder: Path) -> State:
        held = self._identity.held()
        if held is not None and self._parts.memory.record.code == slip.mark:
            return State.ACTIVE
        made = self._identity.read(folder)
        facts = Facts(
            key=self._identity.key_in(folder) is not None,
            answer=made is not None,
            in_place=held is not None and held.folder == folder.resolve(),
            configured=made is not None and self._is_configured(made),
            started=False,
        )
        return state_of(facts)

    def _do(self, step: Step, slip: Slip, folder: Path, hardware: Hardware) -> None:
        match step:
            case Step.MAKE_KEY:
                self._identity.keep_key(folder, self._parts.keys.make())
            case Step.ASK:
                self._identity.keep_answer(folder, self._ask(slip, folder, hardware))
            case Step.TAKE_ON:
                self._identity.take_on(folder)
            case Step.CONFIGURE:
                self._configure(folder)
            case Step.START:
                self._start(slip)

    def _ask(self, slip: Slip, folder: Path, hardware: Hardware) -> Enrolled:
        key = self._identity.key_in(folder) or b""
        hub = self._parts.hubs.at(slip.address, self._pinned(slip))
        # Asked again, now that it is known who answers: whose time is believed must have shown who he is.
        self._time.believe(hub.trust().time)
        enrolled = hub.enrol(EnrolRequest(slip.code, self._parts.keys.request(key), hardware))
        self._time.believe(enrolled.time)
        return enrolled

    def _pinned(self, slip: Slip) -> tuple[str, ...]:
        """The one root that the slip vouches for."""
        for root in self._parts.hubs.strangers_trust(slip.address).roots:
            if self._parts.keys.fingerprint(root) == slip.pin:
                return (root,)
        raise NotOurHub(
            f"{slip.address}: this is not your district's hub: its fingerprint is not that of the slip. Check the address and "
            "the fingerprint; if both are right, tell the district office that somebody stands between"
        )

    def _is_configured(self, made: Held) -> bool:
        there = self._parts.files.read(self._parts.layout.config, 1 << 20)
        return there is not None and there == self._identity.settings(made)

    def _configure(self, folder: Path) -> None:
        made = self._identity.read(folder)
        if made is not None:
            self._identity.put_settings(self._identity.settings(made, made.enrolled.config))

    def _start(self, slip: Slip) -> None:
        """The record last: it says that nothing is left to do."""
        was_running = self._parts.services.is_running()
        self._parts.services.start()
        if was_running:
            self._parts.services.restart()
        held = self._identity.require()
        self._anchor(slip, held)
        record = self._parts.memory.record.met(slip.address).met(held.enrolled.hub)
        self._parts.memory.keep(replace(record, code=slip.mark, config=Given()))

    def _anchor(self, slip: Slip, held: Held) -> None:
        """Whose signatures under releases are believed is fixed now, while somebody with a slip vouches for the hub."""
        try:
            self._parts.repositories.at(slip.address, held.trust, self._time.now()).refresh()
        except (Later, NotTrusted) as error:
            log.info("releases are looked at later: %s", error)
