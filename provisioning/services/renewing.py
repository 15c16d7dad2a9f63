"""Renews the certificate by a letter, which also holds where the certificate has ended. What else the hub says is taken on.

The folder of the new identity is named after the certificate that it follows: a renewal that was killed is gone on with, with the
same key.
"""

import logging
from pathlib import Path

from provisioning.core.contract import RENEW, Enrolled, Renewal
from provisioning.ports import Hub
from provisioning.services.identity import Held, Identity
from provisioning.services.parts import Parts
from provisioning.services.reaching import Reaching
from provisioning.services.timekeeping import Timekeeping

log = logging.getLogger(__name__)


class Renewing:
    def __init__(self, parts: Parts, identity: Identity, reaching: Reaching, time: Timekeeping) -> None:
        self._parts, self._identity, self._reaching, self._time = parts, identity, reaching, time

    def is_due(self, held: Held) -> bool:
        return held.certificate.validity.is_due(self._time.now())

    def renew(self, held: Held, *, new_key: bool = True) -> Held:
        """With a new key, unless the old one is to stay: a copy of this disk then shows itself at its own next renewal."""
        folder = self._parts.layout.identities / f"after-{held.certificate.serial}"
        if self._identity.read(folder) is None:
            enrolled = self._ask(held, self._key(held, folder, new_key=new_key))
            if enrolled.certificate == held.enrolled.certificate:
                # The hub finds it fresh enough: whoever asks again soon gets the same one.
                self._parts.files.remove(folder)
                return held
            self._identity.keep_answer(folder, enrolled)
        self._identity.take_on(folder)
        renewed = self._identity.require()
        self._reaching.met(renewed.enrolled.hub)
        self.settle(renewed)
        log.info("the certificate is renewed")
        return renewed

    def settle(self, held: Held) -> None:
        """Who this is and whom to report to may have changed; the agent reads that at its start only."""
        if self._identity.put_settings(self._identity.settings(held)):
            self._parts.services.restart()

    def _key(self, held: Held, folder: Path, *, new_key: bool) -> bytes:
        key = self._identity.key_in(folder)
        if key is None:
            key = self._parts.keys.make() if new_key else held.key
            self._identity.keep_key(folder, key)
        return key

    def _ask(self, held: Held, key: bytes) -> Enrolled:
        body = Renewal(self._parts.keys.request(key)).encode()

        def ask(hub: Hub) -> Enrolled:
            return hub.renew(self._identity.letter(held, RENEW, body, self._time.now()))

        return self._reaching.ask(held, ask)
