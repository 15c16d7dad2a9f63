"""What a list would change of the register. Nothing is taken away: an asset that is not in the list stays."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hub.assets.fields import FIELDS, attributes, written
from hub.assets.records import AssetList, ListedAsset, RowMistake
from hub.assets.rules import NotPossible, doubts, elsewhere, require, settled, written_by_people
from hub.core.assets import Asset

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Changed:
    """now, then  before and after"""

    now: Asset
    then: Asset

    @property
    def fields(self) -> tuple[str, ...]:
        return changed_fields(self.now, self.then)


@dataclass(frozen=True, slots=True)
class Changes:
    """absent  how many are in the register and not in the list. With mistakes nothing is taken over"""

    new: tuple[Asset, ...] = ()
    changed: tuple[Changed, ...] = ()
    same: int = 0
    absent: int = 0
    mistakes: tuple[RowMistake, ...] = ()
    doubts: tuple[RowMistake, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.new or self.changed)


def compare(group: str, known: Sequence[Asset], listed: AssetList, schools: Collection[str], today: date) -> Changes:
    """known  all of the group; schools  codes that are known."""
    return _Comparison(group, known, schools, today).of(listed)


def changed_fields(now: Asset, then: Asset) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if any(getattr(now, a) != getattr(then, a) for a in attributes(name)))


def cells(asset: Asset, school_name: str, language: str) -> list[Cell]:
    """A row of an exported list, in the order of the headings."""
    row = [written(name, asset, language) for name in FIELDS]
    row.insert(FIELDS.index("school") + 1, school_name)
    return [asset.id, *row]


@dataclass(slots=True)
class _Comparison:
    group: str
    known: Sequence[Asset]
    schools: Collection[str]
    today: date
    mistakes: list[RowMistake] = field(default_factory=list)
    doubts: list[RowMistake] = field(default_factory=list)

    def of(self, listed: AssetList) -> Changes:
        finder, taken = _Finder(self.known), _Taken(self.known)
        new: list[Asset] = []
        changed: list[Changed] = []
        seen: set[int] = set()
        for each in listed.assets:
            try:
                now = finder.find(each)
                then = self._then(each, now, seen)
                taken.claim(then, each.row)
            except NotPossible as wrong:
                self._wrong(each, wrong)
                continue
            if now is None:
                new.append(then)
            elif then != now:
                changed.append(Changed(now, then))
        mistakes = (*listed.mistakes, *self.mistakes)
        same, absent = len(seen) - len(changed), len(self.known) - len(seen)
        return Changes(tuple(new), tuple(changed), same, absent, mistakes, tuple(self.doubts))

    def _then(self, each: ListedAsset, now: Asset | None, seen: set[int]) -> Asset:
        """Raises NotPossible."""
        if now is not None:
            if now.id in seen:
                raise NotPossible("repeated", "number" if now.number else "serial")
            seen.add(now.id)
        base = now or Asset(self.group, "")
        then = replace(base, **each.given)
        then = then if now is None else elsewhere(now, then)
        then = written_by_people(settled(then), base)
        require(then, self.schools)
        if then != now:
            self.doubts += [RowMistake(each.row, *doubt) for doubt in doubts(then, self.today)]
        return then

    def _wrong(self, each: ListedAsset, wrong: NotPossible) -> None:
        value = next((str(each.given[name]) for name in attributes(wrong.field) if each.given.get(name)), "")
        self.mistakes.append(RowMistake(each.row, wrong.field, wrong.code, value[:40]))


class _Finder:
    """Which asset a row is about: by the hub's id, else by its number, else by kind and serial number."""

    def __init__(self, known: Iterable[Asset]) -> None:
        known = list(known)
        self._ids = {each.id: each for each in known}
        self._numbers = {each.number: each for each in known if each.number}
        self._serials: dict[str, list[Asset]] = {}
        for each in known:
            if each.serial and each.is_there:
                self._serials.setdefault(each.serial.casefold(), []).append(each)

    def find(self, each: ListedAsset) -> Asset | None:
        """Raises NotPossible."""
        if each.id:
            if each.id not in self._ids:
                raise NotPossible("no-such-id", "id")
            return self._ids[each.id]
        number, serial, kind = (str(each.given.get(name) or "") for name in ("number", "serial", "kind"))
        if number:
            return self._numbers.get(number) or self._unnumbered(serial, kind)
        found = [one for one in self._serials.get(serial.casefold(), []) if kind in ("", one.kind)]
        if len(found) > 1:
            raise NotPossible("ambiguous", "serial")
        return found[0] if found else None

    def _unnumbered(self, serial: str, kind: str) -> Asset | None:
        """One that has no number yet gets it by its serial number."""
        own = [one for one in self._serials.get(serial.casefold(), []) if not one.number and kind in ("", one.kind)]
        return own[0] if len(own) == 1 else None


class _Taken:
    """Numbers and devices, and whose they are; of two rows that want the same the second is wrong."""

    def __init__(self, known: Iterable[Asset]) -> None:
        self._numbers: dict[str, object] = {}
        self._devices: dict[tuple[str, ...], object] = {}
        for each in known:
            self._claim(each, each.id)

    def claim(self, then: Asset, row: int) -> None:
        """Raises NotPossible."""
        mine: object = then.id or f"row {row}"
        if then.number and self._numbers.get(then.number, mine) != mine:
            raise NotPossible("number-taken", "number")
        if then.device is not None and self._devices.get(_device(then), mine) != mine:
            raise NotPossible("device-taken", "device")
        self._claim(then, mine)

    def _claim(self, each: Asset, by: object) -> None:
        if each.number:
            self._numbers[each.number] = by
        if each.device is not None:
            self._devices[_device(each)] = by


def _device(asset: Asset) -> tuple[str, ...]:
    return (asset.school, asset.node_name, asset.device or "")


def told(changes: Changes) -> Mapping[str, int]:
    """In numbers, for the audit."""
    return Counter({"new": len(changes.new), "changed": len(changes.changed), "same": changes.same})


def written_changes(each: Changed, language: str) -> Iterator[tuple[str, Cell, Cell]]:
    """(field, before, after), as a list shows them."""
    for name in each.fields:
        yield name, written(name, each.now, language), written(name, each.then, language)
