"""What pages and commands show of enrolment."""

from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import NodeKey
from hub.enrolment.codes import Standing
from provisioning.core.contract import Hardware


class AgentState(Enum):
    """In the order in which somebody has to look after it."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    """It comes back by itself, when it is switched on."""
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class AgentView:
    """A computer that was enrolled at any time.

    renewed_at   when its newest certificate was issued
    issuer       fingerprint of the root that issued it
    heard_at     newest event time of anything it reported; None: nothing yet
    version      of the agent, as it said itself
    """

    node: NodeKey
    school_name: str | None
    state: AgentState
    enrolled_at: int
    renewed_at: int
    expires_at: int
    issuer: str
    online: bool
    heard_at: int | None
    hardware: Hardware | None
    revoked_at: int | None
    revoked_why: str | None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class CodeView:
    node: NodeKey
    school_name: str | None
    standing: Standing
    made_at: int
    expires_at: int
    used_at: int | None
    revoked_why: str | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """`who` as the audit names them."""

    id: int
    group: str
    made_at: int
    who: str
    note: str
    codes: tuple[CodeView, ...]


@dataclass(frozen=True, slots=True)
class TroubleView:
    """Two computers want to be one (hub.enrolment.records.Trouble)."""

    what: str
    node: NodeKey
    school_name: str | None
    address: str
    hardware: Hardware | None
    first_at: int
    last_at: int
    times: int
