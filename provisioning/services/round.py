"""One round, daily and whenever the hub wants something: finish what was begun, renew, tell, ask what to run, and run it.

What goes wrong with one does not keep the others from their turn; the first failure is raised at the end.
"""

import logging
from collections.abc import Callable
from functools import partial

from provisioning.core.contract import NODE, OUTCOME, Assigned, Letter
from provisioning.errors import OperatorError, ProvisionError, Turned
from provisioning.ports import Hub, Repository
from provisioning.services.configuring import Configuring
from provisioning.services.identity import Identity
from provisioning.services.parts import Parts
from provisioning.services.reaching import Reaching
from provisioning.services.renewing import Renewing
from provisioning.services.succession import Succession
from provisioning.services.timekeeping import Timekeeping
from provisioning.services.updating import Updating
from wire.handoff import is_version

log = logging.getLogger(__name__)


class Round:
    def __init__(
        self,
        parts: Parts,
        identity: Identity,
        reaching: Reaching,
        time: Timekeeping,
        *,
        renewing: Renewing,
        updating: Updating,
        configuring: Configuring,
        succession: Succession,
    ) -> None:
        self._parts, self._identity, self._reaching, self._time = parts, identity, reaching, time
        self._renewing, self._updating, self._configuring = renewing, updating, configuring
        self._succession = succession
        self._failures: list[ProvisionError] = []

    def go(self) -> None:
        self._failures.clear()
        # Without the hub: what a power cut has ended is brought to its end first.
        self._attempt(lambda: self._updating.run(None, None))
        if self._attempt(self.keep_time):
            self._attempt(self.renew)
            self._attempt(self._follow)
            self._attempt(self.tell)
        if self._failures:
            raise self._failures[0]

    def _attempt(self, part: Callable[[], None]) -> bool:
        try:
            part()
        except ProvisionError as error:
            # The first one is raised at the end, and told then.
            log.log(logging.WARNING if self._failures else logging.DEBUG, "%s", error)
            self._failures.append(error)
            return False
        return True

    def keep_time(self) -> None:
        held = self._identity.require()
        self._time.believe(self._reaching.ask(held, lambda hub: hub.trust().time))

    def renew(self) -> None:
        held = self._identity.require()
        if self._renewing.is_due(held):
            self._renewing.renew(held)
        else:
            self._renewing.settle(held)

    def tell(self) -> None:
        """What the hub does not want to hear is not told for ever."""
        held = self._identity.require()
        for outcome in self._parts.memory.record.outbox:
            letter = self._identity.letter(held, OUTCOME, outcome.encode(), self._time.now())

            try:
                self._reaching.ask(held, partial(_tell, letter))
            except Turned as error:
                log.error("the hub does not take the outcome of %s %s: %s", outcome.kind, outcome.version, error)
            self._parts.memory.keep(self._parts.memory.record.told(outcome))

    def assigned(self) -> Assigned:
        held = self._identity.require()
        return self._reaching.ask(
            held, lambda hub: hub.assigned(self._identity.letter(held, NODE, "{}", self._time.now()))
        )

    def _follow(self) -> None:
        assigned = self.assigned()
        held = self._identity.learn(self._identity.require(), assigned)
        self._reaching.met(assigned.hub)
        self._renewing.settle(held)
        record, offers = self._parts.memory.record, self.offers()
        profiles, config, release = assigned.profiles, assigned.config, assigned.release
        if profiles is not None and record.profiles.wants(profiles):
            self._attempt(lambda: self._configuring.profiles(_version(profiles), held, offers))
        if config is not None and record.config.wants(config):
            self._attempt(lambda: self._configuring.config(_version(config), held, offers))
        if release is not None:
            self._attempt(lambda: self._updating.run(_version(release), offers))
        self._attempt(self._succession.take_over)

    def offers(self) -> Repository:
        held, now = self._identity.require(), self._time.now()
        return self._parts.repositories.at(
            self._reaching.addresses(held)[0],
            held.trust,
            now,
            lambda path: self._identity.letter(held, path, "{}", now),
        )


def _tell(letter: Letter, hub: Hub) -> None:
    hub.tell(letter)


def _version(told: str) -> str:
    """It becomes part of the names of files."""
    if not is_version(told):
        raise OperatorError(f"the hub names {told!r:.80}, which is no version")
    return told
