"""What a list would change of the register. Nothing is taken away: a school that is not in the list has a history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.schools.records import SchoolList, SchoolRecord


@dataclass(frozen=True, slots=True)
class Changed:
    """fields: what differs, as (name, before, after)"""

    school: SchoolRecord
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """absent: known, and not in the list; they stay as they are"""

    new: tuple[SchoolRecord, ...] = ()
    changed: tuple[Changed, ...] = ()
    same: int = 0
    absent: tuple[SchoolRecord, ...] = ()

    @property
    def to_write(self) -> tuple[SchoolRecord, ...]:
        return (*self.new, *(each.school for each in self.changed))


def compare(known: Iterable[SchoolRecord], listed: SchoolList) -> Changes:
    """An empty cell, or a column that is not there, says nothing: what is known stays."""
    by_code = {each.code: each for each in known}
    merged = [(by_code.get(each.code), _over(by_code.get(each.code), each)) for each in listed.schools]
    changed = [Changed(then, _differences(now, then)) for now, then in merged if now is not None and now != then]
    codes = {each.code for each in listed.schools}
    return Changes(
        new=tuple(then for now, then in merged if now is None),
        changed=tuple(changed),
        same=sum(now == then for now, then in merged),
        absent=tuple(each for code, each in sorted(by_code.items()) if code not in codes),
    )


def _over(known: SchoolRecord | None, listed: SchoolRecord) -> SchoolRecord:
    if known is None:
        return listed
    told: Mapping[str, Any] = {
        name: value for name in ("name", "lat", "lon", "pupils") if (value := getattr(listed, name)) is not None
    }
    return replace(known, **told)


def _differences(now: SchoolRecord, then: SchoolRecord) -> tuple[tuple[str, Any, Any], ...]:
    pairs = ((name, getattr(now, name), getattr(then, name)) for name in ("name", "lat", "lon", "pupils"))
    return tuple((name, before, after) for name, before, after in pairs if before != after)
