"""What was found while the agent ran, by key: so that a set that is found again, after a restart too, keeps the key it had.

A find is the same as before by its serial number, where it tells one, else by its place; and only as the same kind.
Where this is kept is not known here.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

MAX_FINDS = 256
MIN_SERIAL = 4


@dataclass(frozen=True, slots=True)
class Find:
    """serial: empty where none was told."""

    kind: str
    address: str
    serial: str = ""


class Finds:
    """Bounded: the oldest go first."""

    def __init__(self, finds: Mapping[str, Find] | None = None) -> None:
        self._finds = dict(finds or {})

    def name(self, find: Find, taken: Collection[str]) -> str:
        """The key that it had, or a new one; from now on it is known by that. taken: keys of devices."""
        had = (key for key, old in self._finds.items() if _is_same(old, find) and key not in taken)
        key = next(had, None) or self._free(find.kind, taken)
        self._finds.pop(key, None)
        self._finds[key] = find
        while len(self._finds) > MAX_FINDS:
            del self._finds[next(iter(self._finds))]
        return key

    def _free(self, kind: str, taken: Collection[str]) -> str:
        number = 1
        while (key := f"new-{kind}-{number}") in taken or key in self._finds:
            number += 1
        return key

    def as_text(self) -> str:
        return json.dumps({key: asdict(find) for key, find in self._finds.items()}, ensure_ascii=True, indent=1)

    @classmethod
    def of_text(cls, text: str) -> "Finds":
        """Whatever does not read as a find is left out; nothing is raised."""
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        items: Iterable[tuple[str, object]] = told.items() if isinstance(told, dict) else ()
        return cls({key: find for key, each in items if (find := _find(each))})


def telling(serial: str) -> str:
    """A serial number that tells one set from another, in one spelling; empty for those that makers fill in for want of one."""
    plain = "".join(sign for sign in serial if sign.isalnum()).upper()
    return plain if len(plain) >= MIN_SERIAL and len(set(plain)) > 1 else ""


def _is_same(one: Find, other: Find) -> bool:
    if one.kind != other.kind:
        return False
    return one.serial == other.serial if one.serial and other.serial else one.address == other.address


def _find(told: object) -> Find | None:
    if not isinstance(told, dict):
        return None
    parts = [told.get(name, "") for name in ("kind", "address", "serial")]
    return Find(*parts) if all(isinstance(part, str) for part in parts) and parts[0] else None
