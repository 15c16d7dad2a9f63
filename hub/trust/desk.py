"""What devices are told: the port DeviceServices of hub.web.devices, by authority, enrolment and store."""

import threading
from collections.abc import Callable

from hub.enrolment.service import Enrolment, Granted, Refused, Sender
from hub.enrolment.settings import EnrolmentSettings
from hub.enrolment.tries import Limit
from hub.pki.authority import Authority
from hub.store.enrolment import EnrolmentRows
from hub.store.unit_of_work import Store
from hub.trust.updates import Updates
from hub.trust.whereabouts import Whereabouts
from provisioning.core.contract import (
    CONFIGS,
    NODE,
    OUTCOME,
    RENEW,
    Assigned,
    ContractError,
    Enrolled,
    EnrolRequest,
    ErrorCode,
    Letter,
    Outcome,
    Renewal,
    Trust,
)

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_ALL = "everybody"


class Gate:
    """How often somebody may ask. Used by many threads."""

    def __init__(self, settings: EnrolmentSettings) -> None:
        self._wrong = Limit(settings.wrong_codes_per_hour, _HOUR_MS)
        self._each = Limit(settings.requests_per_minute, _MINUTE_MS)
        self._all = Limit(settings.requests_per_minute_of_all, _MINUTE_MS)
        self._counting = threading.Lock()

    def may_ask(self, address: str, now: int) -> bool:
        with self._counting:
            return self._each.take(address, now) and self._all.take(_ALL, now)

    def require_tries(self, address: str, now: int) -> None:
        with self._counting:
            if not self._wrong.has(address, now):
                raise ContractError("too many wrong codes; try again later", ErrorCode.TOO_MANY_TRIES)

    def count_wrong(self, address: str, now: int) -> None:
        with self._counting:
            self._wrong.take(address, now)


class DeviceDesk:
    """The port DeviceServices of hub.web.devices."""

    def __init__(
        self,
        authority: Authority,
        store: Store,
        settings: EnrolmentSettings,
        *,
        where: Whereabouts,
        updates: Updates,
        clock: Callable[[], int],
    ) -> None:
        self._authority, self._store = authority, store
        self._where, self._updates, self._clock = where, updates, clock
        self._enrolment = Enrolment(authority, settings.certificate_days)
        self._gate = Gate(settings)

    def may_ask(self, address: str) -> bool:
        return self._gate.may_ask(address, self._clock())

    def trust(self) -> Trust:
        return Trust(self._authority.trust, self._clock())

    def enrol(self, request: EnrolRequest, address: str) -> Enrolled:
        now = self._clock()
        self._gate.require_tries(address, now)
        with self._store.begin() as work:
            answer = self._enrolment.enrol(EnrolmentRows(work.connection), request, address, now)
        if isinstance(answer, Refused):
            # Also a used one: whoever found a slip could fill audit and list of troubles by ever new keys.
            self._gate.count_wrong(address, now)
        return self._told(answer, now)

    def renew(self, letter: Letter, address: str) -> Enrolled:
        now, sender = self._clock(), self._sender(letter, RENEW, address)
        renewal = Renewal.decode(letter.letter)
        with self._store.begin() as work:
            answer = self._enrolment.renew(EnrolmentRows(work.connection), sender, renewal.csr, now)
        return self._told(answer, now)

    def outcome(self, letter: Letter, address: str) -> None:
        sender = self._sender(letter, OUTCOME, address)
        told = Outcome.decode(letter.letter)
        self._require_heard(sender)
        self._updates.heard(sender.node, told, self._clock())

    def node(self, letter: Letter, address: str) -> Assigned:
        sender = self._sender(letter, NODE, address)
        self._require_heard(sender)
        now = self._updates.versions(sender.node)
        where = self._where
        return Assigned(now.release, now.config, now.profiles, self._authority.trust, where.brokers, where.hub)

    def reads(self, letter: Letter, path: str, address: str) -> None:
        if not self.may_ask(address):
            raise ContractError("too many requests; try again later", ErrorCode.TOO_MANY_TRIES)
        sender = self._sender(letter, path, address)
        self._require_heard(sender)
        if not path.startswith(f"{CONFIGS}{sender.node.group}/{sender.node.name}/"):
            raise ContractError("this is not the configuration of the letter's node", ErrorCode.LETTER_REFUSED)

    def _sender(self, letter: Letter, path: str, address: str) -> Sender:
        node, issued = self._authority.sender(letter, path)
        if node.group not in self._where.hosts:
            raise ContractError("this hub does not serve the group of the certificate", ErrorCode.LETTER_REFUSED)
        return Sender(node, issued, address)

    def _require_heard(self, sender: Sender) -> None:
        with self._store.begin() as work:
            refused = self._enrolment.listens_to(EnrolmentRows(work.connection), sender, self._clock())
        if refused is not None:
            raise ContractError(refused.message, refused.code)

    def _told(self, answer: Granted | Refused, now: int) -> Enrolled:
        if isinstance(answer, Refused):
            raise ContractError(answer.message, answer.code)
        node, authority = answer.node, self._authority
        return Enrolled(
            group=node.group,
            node=node.name,
            host_id=self._where.hosts[node.group],
            certificate=answer.issued.pem,
            chain=authority.chain,
            trust=authority.trust,
            brokers=self._where.brokers,
            hub=self._where.hub,
            time=now,
            config=self._updates.config(node),
        )
