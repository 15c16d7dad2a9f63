"""The agent's own computer as one more device: a group of facts is a request."""

import logging
from collections.abc import Mapping

from agent.errors import Declined, LinkError
from agent.ports import HostFacts

log = logging.getLogger(__name__)


class HostChannel:
    """One group that fails does not cost the others: it is told once and declined."""

    def __init__(self, facts: HostFacts) -> None:
        self._facts = facts
        self._told: set[str] = set()

    def ask(self, request: str) -> Mapping[str, object]:
        try:
            return self._facts.gather(request)
        except LinkError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a kernel or a library comes up with
            if request not in self._told:
                self._told.add(request)
                log.warning("host: %s cannot be read: %s: %s", request, type(error).__name__, error)
            raise Declined(f"{request} cannot be read") from None

    def close(self) -> None:
        """Nothing is open."""
