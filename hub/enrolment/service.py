"""A computer joins, or asks for its next certificate. Each is one transaction: certificate, used code and audit are there
together or not at all, so that a crash before the answer is mended by asking again.
"""

from dataclasses import dataclass

from hub.core.equipment import NodeKey
from hub.core.people import Principal, PrincipalKind
from hub.enrolment.certificate import Issued
from hub.enrolment.codes import Code, code_hash
from hub.enrolment.records import Authority, Details, Held, Records, Trouble
from hub.enrolment.rulings import MESSAGES, Grant, Holder, Ruling, admit, renew
from provisioning.core.contract import EnrolRequest, ErrorCode

_FRESH = 0.5
"""Within so much of its life a certificate is given again to whoever asks for it with the same key."""


@dataclass(frozen=True, slots=True)
class Granted:
    node: NodeKey
    issued: Issued


@dataclass(frozen=True, slots=True)
class Refused:
    code: ErrorCode

    @property
    def message(self) -> str:
        return MESSAGES[self.code]


Answer = Granted | Refused


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signed a letter, from where."""

    node: NodeKey
    issued: Issued
    address: str


class Enrolment:
    """Decides and keeps; the caller commits, also where it is refused: what the office has to know is kept then."""

    def __init__(self, authority: Authority, certificate_days: float) -> None:
        self._authority, self._days = authority, certificate_days

    def enrol(self, records: Records, request: EnrolRequest, address: str, now: int) -> Answer:
        """Raises ContractError for a request that is wrong in itself."""
        key = self._authority.requested(request.csr)
        code = records.code(code_hash(request.code))
        ruling = admit(code, key, now)
        if code is None:
            return Refused(ErrorCode.CODE_UNKNOWN)
        if ruling is ErrorCode.CODE_USED:
            tell(records, Trouble("code_reused", code.node, key, address, request.hardware), now)
        if isinstance(ruling, ErrorCode):
            return Refused(ruling)
        if ruling is Grant.REPEAT:
            return _again(records, code)
        return self._admit(records, code, request, now)

    def renew(self, records: Records, sender: Sender, csr: str, now: int) -> Answer:
        """Raises ContractError for a request that is wrong in itself."""
        key = self._authority.requested(csr)
        newest = records.newest(sender.node)
        ruling = renew(holder(records, sender, newest), has_it=_has_it(newest, key, now))
        if isinstance(ruling, ErrorCode):
            return _refused(records, sender, ruling, now)
        if ruling is Grant.REPEAT and newest is not None:
            return Granted(sender.node, newest.issued)
        issued = self._authority.node(csr, sender.node, self._days, now)
        records.keep(sender.node, issued, now)
        _audit(records, sender.node, "node.renewed", {"serial": issued.serial}, now)
        return Granted(sender.node, issued)

    def listens_to(self, records: Records, sender: Sender, now: int) -> Refused | None:
        """None if other letters of it count. An older certificate does while it lasts: the newer may not have arrived."""
        found = holder(records, sender, records.newest(sender.node))
        if found is Holder.OLDER and now < sender.issued.expires_at:
            return None
        ruling: Ruling = renew(found, has_it=False)
        if not isinstance(ruling, Grant):
            return _refused(records, sender, ruling, now)
        if found is Holder.STRANGE:
            # Joined after the backup that the store was restored from: brokers let in only whom the store knows.
            records.keep(sender.node, sender.issued, now)
            told: Details = {"serial": sender.issued.serial, "restored": True}
            _audit(records, sender.node, "node.enrolled", told, now)
        return None

    def _admit(self, records: Records, code: Code, request: EnrolRequest, now: int) -> Answer:
        issued = self._authority.node(request.csr, code.node, self._days, now)
        if not records.use_code(code, issued, request.hardware, now):
            return Refused(ErrorCode.CODE_USED)
        replaced = records.revoke(code.node, "replaced", now)
        records.keep(code.node, issued, now)
        records.settle(code.node)
        told: Details = {
            "serial": issued.serial,
            "code": code.id,
            "replaced": replaced,
            "model": request.hardware.model,
        }
        _audit(records, code.node, "node.enrolled", told, now)
        return Granted(code.node, issued)


def holder(records: Records, sender: Sender, newest: Held | None) -> Holder:
    """What the certificate is that signed."""
    held = records.held(sender.issued.serial)
    if held is not None and held.revoked_at is not None:
        return Holder.REVOKED
    if newest is None:
        return Holder.STRANGE
    if held is None:
        return _strange(sender.issued, newest)
    return Holder.NEWEST if held.issued.key == newest.issued.key else Holder.OLDER


def _strange(issued: Issued, newest: Held) -> Holder:
    if issued.begins_at > newest.issued.begins_at:
        return Holder.STRANGE
    return Holder.OLDER if newest.revoked_at is None else Holder.REVOKED


def _has_it(newest: Held | None, key: str, now: int) -> bool:
    if newest is None or newest.issued.key != key:
        return False
    life = newest.issued.expires_at - newest.issued.begins_at
    return now < newest.issued.begins_at + life * _FRESH


def _again(records: Records, code: Code) -> Answer:
    held = records.held(code.serial or "")
    if held is None or held.revoked_at is not None:
        return Refused(ErrorCode.NODE_REVOKED)
    return Granted(code.node, held.issued)


def _refused(records: Records, sender: Sender, code: ErrorCode, now: int) -> Refused:
    if code is ErrorCode.KEY_SUPERSEDED:
        tell(records, Trouble("key_superseded", sender.node, sender.issued.key, sender.address), now)
    return Refused(code)


def tell(records: Records, trouble: Trouble, now: int) -> None:
    """The audit has it once; the office sees how often it came."""
    if records.note(trouble, now):
        _audit(records, trouble.node, f"node.{trouble.what}", {"key": trouble.key, "address": trouble.address}, now)


def _audit(records: Records, node: NodeKey, what: str, details: Details, now: int) -> None:
    records.write(Principal(PrincipalKind.DEVICE, id=str(node)), what, f"node:{node}", details, now)
