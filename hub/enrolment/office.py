"""What the office does: make codes for schools, take them back, shut a computer out."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment.codes import Choose, code_hash, new_code
from hub.enrolment.nodes import Known, Purpose, Skipped, choose_node
from hub.enrolment.records import Details, Records
from hub.enrolment.settings import DAY_MS


@dataclass(frozen=True, slots=True)
class Wish:
    """Codes for these schools of a group; where computers are replaced, for these nodes."""

    group: str
    schools: Sequence[str]
    purpose: Purpose
    days: float
    note: str = ""
    reserved: frozenset[str] = frozenset()
    """Names that the hub has for itself."""


@dataclass(frozen=True, slots=True)
class NewCode:
    """To be printed now: only its hash is kept. `took_back` earlier codes of the node are good no more."""

    node: NodeKey
    code: str
    expires_at: int
    took_back: int


@dataclass(frozen=True, slots=True)
class Batch:
    """`id` is None where no code was made at all."""

    id: int | None
    codes: tuple[NewCode, ...]
    skipped: tuple[tuple[str, Skipped], ...]


def make_batch(records: Records, wish: Wish, who: Principal, choose: Choose, now: int) -> Batch:
    known = records.known(wish.group)
    names, skipped = _names(wish, known)
    if not names:
        return Batch(None, (), skipped)
    batch = records.add_batch(wish.group, who.label, wish.note, now)
    expires_at = now + int(wish.days * DAY_MS)
    codes = tuple(_new(records, NodeKey(wish.group, name), choose, now, expires_at) for name in names)
    for each in codes:
        records.add_code(batch, each.node, code_hash(each.code), now, expires_at)
    told: Details = {"purpose": wish.purpose.value, "nodes": names, "expires_at": expires_at}
    records.write(who, "enrolment.batch", f"batch:{batch}", told, now)
    return Batch(batch, codes, skipped)


def revoke(records: Records, node: NodeKey, why: str, who: Principal, now: int) -> bool:
    """Shut a computer out, and its open codes. False where there is nothing of this name."""
    codes, certificates = records.take_back(node, why, now), records.revoke(node, why, now)
    if not codes and not certificates:
        return False
    records.write(who, "node.revoked", f"node:{node}", {"why": why, "certificates": certificates, "codes": codes}, now)
    return True


def take_back(records: Records, node: NodeKey, why: str, who: Principal, now: int) -> bool:
    """Only the codes of it that nobody has used yet. False where there are none."""
    codes = records.take_back(node, why, now)
    if codes:
        records.write(who, "enrolment.taken_back", f"node:{node}", {"why": why, "codes": codes}, now)
    return codes > 0


def _names(wish: Wish, known: Known) -> tuple[list[str], tuple[tuple[str, Skipped], ...]]:
    names: list[str] = []
    skipped: list[tuple[str, Skipped]] = []
    seen = Known(known.schools, known.active, known.ever, frozenset(known.taken) | wish.reserved)
    for wanted in wish.schools:
        name = choose_node(wanted, wish.purpose, seen)
        if isinstance(name, str) and name in names:
            name = Skipped.TWICE
        if isinstance(name, Skipped):
            skipped.append((wanted, name))
        else:
            names.append(name)
    return names, tuple(skipped)


def _new(records: Records, node: NodeKey, choose: Choose, now: int, expires_at: int) -> NewCode:
    """A node has one open code: whoever finds the older slip cannot use it any more."""
    return NewCode(node, new_code(choose), expires_at, records.take_back(node, "newer", now))
