"""The hub's device API over HTTPS. What passes by itself is asked again a few times; the rest is told in words."""

import random
from collections.abc import Callable
from typing import TypeVar

from provisioning.adapters.https_line import Address, HttpsLine, trusting, trusting_nobody_yet
from provisioning.core.contract import (
    ENROL,
    MAX_BODY_BYTES,
    NODE,
    OUTCOME,
    RENEW,
    TRUST,
    Assigned,
    ContractError,
    Enrolled,
    EnrolRequest,
    Letter,
    Trust,
    read_problem,
)
from provisioning.core.jitter import wait_s
from provisioning.core.problems import ErrorCode
from provisioning.core.refusals import explain
from provisioning.errors import HubBusy, HubUnreachable, Later, Turned
from provisioning.ports import Clock

TRIES = 3
Answer = TypeVar("Answer")


class HttpsHubs:
    def __init__(self, clock: Clock, tries: int = TRIES) -> None:
        self._clock, self._tries = clock, tries

    def strangers_trust(self, address: str) -> Trust:
        return self._hub(HttpsLine(Address.parse(address), trusting_nobody_yet())).trust()

    def at(self, address: str, roots: tuple[str, ...]) -> "HttpsHub":
        return self._hub(HttpsLine(Address.parse(address), trusting(roots)))

    def _hub(self, line: HttpsLine) -> "HttpsHub":
        return HttpsHub(line, self._clock, self._tries)


class HttpsHub:
    def __init__(self, line: HttpsLine, clock: Clock, tries: int) -> None:
        self._line, self._clock, self._tries = line, clock, tries

    def trust(self) -> Trust:
        return self._ask("GET", TRUST, None, Trust.decode)

    def enrol(self, request: EnrolRequest) -> Enrolled:
        return self._ask("POST", ENROL, request.encode(), Enrolled.decode)

    def renew(self, letter: Letter) -> Enrolled:
        return self._ask("POST", RENEW, letter.encode(), Enrolled.decode)

    def tell(self, letter: Letter) -> None:
        self._ask("POST", OUTCOME, letter.encode(), lambda _: None)

    def assigned(self, letter: Letter) -> Assigned:
        return self._ask("POST", NODE, letter.encode(), Assigned.decode)

    def _ask(self, method: str, path: str, body: bytes | None, read: Callable[[bytes], Answer]) -> Answer:
        for failures in range(1, self._tries):
            try:
                return self._once(method, path, body, read)
            except HubUnreachable:
                self._clock.sleep(wait_s(failures, random.random()))
        return self._once(method, path, body, read)

    def _once(self, method: str, path: str, body: bytes | None, read: Callable[[bytes], Answer]) -> Answer:
        status, data = self._line.ask(method, path, body, MAX_BODY_BYTES)
        try:
            if status == 200:
                return read(data)
            problem = read_problem(data)
        except ContractError as error:
            raise HubUnreachable(f"the hub answers {path} with something else ({status}; {error})") from None
        raise _refusal(problem)


def _refusal(problem: ContractError) -> Later | Turned:
    words = explain(problem.code, str(problem))
    return HubBusy(words) if problem.code.passes else Turned(words, problem.code or ErrorCode.OTHER)
