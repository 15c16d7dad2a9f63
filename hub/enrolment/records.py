"""What enrolment asks of the store, within one transaction, and what it reads there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment.certificate import Issued
from hub.enrolment.codes import Code
from hub.enrolment.nodes import Known
from provisioning.core.contract import Hardware

Details = Mapping[str, str | int | bool | list[str] | list[int] | None]


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate in the store."""

    issued: Issued
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the office has to know of: two computers want to be one.

    what      "code_reused", "key_superseded"; "other_hardware", "two_at_once" (hub.enrolment.copies)
    key       of the computer that was refused; else what tells one such trouble of the node from another
    """

    what: str
    node: NodeKey
    key: str
    address: str
    hardware: Hardware | None = None


class Records(Protocol):
    """One transaction."""

    def known(self, group: str) -> Known: ...

    def add_batch(self, group: str, who: str, note: str, now: int) -> int: ...

    def add_code(self, batch: int, node: NodeKey, hashed: str, now: int, expires_at: int) -> None: ...

    def take_back(self, node: NodeKey, why: str, now: int) -> int:
        """Open codes of the node, from now on. How many."""

    def code(self, hashed: str) -> Code | None: ...

    def use_code(self, code: Code, issued: Issued, hardware: Hardware, now: int) -> bool:
        """False where somebody else was faster."""

    def newest(self, node: NodeKey) -> Held | None: ...

    def held(self, serial: str) -> Held | None: ...

    def keep(self, node: NodeKey, issued: Issued, now: int) -> None: ...

    def hardware(self, node: NodeKey) -> Hardware | None:
        """What the computer said of itself when it joined last."""

    def revoke(self, node: NodeKey, why: str, now: int) -> int:
        """Its certificates, from now on. How many."""

    def note(self, trouble: Trouble, now: int) -> bool:
        """Whether it is new."""

    def settle(self, node: NodeKey) -> None:
        """Its troubles are over."""

    def write(self, who: Principal | str, what: str, subject: str, details: Details, at: int) -> None:
        """The port Audit of hub.accounts, in the same transaction."""


class Authority(Protocol):
    """What enrolment asks of hub.pki. Each raises ContractError for what a device has done wrong."""

    def requested(self, csr: str) -> str: ...

    def node(self, csr: str, node: NodeKey, days: float, now: int) -> Issued: ...
