"""Finds the hub: at the address where it was last, and at those where it was before, as long as it shows the roots we trust."""

import logging
from collections.abc import Callable
from typing import TypeVar

from provisioning.errors import HubUnreachable, Later, NotOurHub
from provisioning.ports import Hub
from provisioning.services.identity import Held
from provisioning.services.parts import Parts

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Reaching:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def ask(self, held: Held, question: Callable[[Hub], Answer]) -> Answer:
        """The answer of the first address that is the hub. Raises what the best address raised where none is."""
        failures: list[HubUnreachable | NotOurHub] = []
        for address in self.addresses(held):
            try:
                answer = question(self._parts.hubs.at(address, held.trust))
            except (HubUnreachable, NotOurHub) as error:
                log.info("%s", error)
                failures.append(error)
            else:
                self.met(address)
                return answer
        raise failures[0]

    def answers(self, held: Held) -> bool:
        """Whether it can be reached at all."""
        try:
            self.ask(held, lambda hub: hub.trust())
        except (Later, NotOurHub):
            return False
        return True

    def addresses(self, held: Held) -> tuple[str, ...]:
        known = self._parts.memory.record.hubs
        return known if held.enrolled.hub in known else (*known, held.enrolled.hub)

    def met(self, address: str) -> None:
        self._parts.memory.keep(self._parts.memory.record.met(address))
