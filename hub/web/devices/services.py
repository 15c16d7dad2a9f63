"""What the device API asks of the hub. Each raises ContractError for what it refuses."""

from typing import Protocol

from provisioning.core.contract import Assigned, Enrolled, EnrolRequest, Letter, Trust


class DeviceServices(Protocol):
    """`address` is where the request came from."""

    def may_ask(self, address: str) -> bool:
        """Whether it has not asked too often."""

    def trust(self) -> Trust: ...

    def enrol(self, request: EnrolRequest, address: str) -> Enrolled: ...

    def renew(self, letter: Letter, address: str) -> Enrolled: ...

    def outcome(self, letter: Letter, address: str) -> None: ...

    def node(self, letter: Letter, address: str) -> Assigned: ...

    def reads(self, letter: Letter, path: str, address: str) -> None:
        """Whether this file of a node is for the sender. Counts as a question of the API."""
