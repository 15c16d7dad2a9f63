"""What people do with the register of assets, carried out: one transaction for the change, its history and the audit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.assets.fields import FIELDS, BadField, attributes, parsed
from hub.assets.refusals import AssetWrong, Fault
from hub.assets.rules import NotPossible, elsewhere, moved, require, settled, taken_back, written_by_people, written_off
from hub.core.assets import PARTS, Asset, AssetFlaw, AssetRefused, AssetState, Component, Deed, Disposal
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.people import Principal
from hub.office.asset_filling import settle, taken_in, the_found, weigh_one
from hub.store.asset_views import AssetLook
from hub.store.assets import AssetRows
from hub.store.audit import AuditRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.web.asset_pages import Moved, Part, WrittenOff

_LONGEST_NOTE = 2000
_MOST_AT_ONCE = 200
_FLAWS = {
    AssetFlaw.NUMBER_TAKEN: ("number-taken", "number"),
    AssetFlaw.DEVICE_TAKEN: ("device-taken", "device"),
    AssetFlaw.STALE: ("stale", ""),
    AssetFlaw.NO_SUCH_ASSET: ("no-such-asset", ""),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One deed of somebody, under way."""

    work: UnitOfWork
    rows: AssetRows
    look: AssetLook
    who: Principal
    now: int
    today: date

    def deed(self, what: str, note: str = "") -> Deed:
        return Deed(what, self.who.label, self.who.name, self.now, note)

    def found(self, asset_id: int, version: int | None = None) -> Asset:
        """Of a group that they may see. Raises AssetWrong."""
        found = self.rows.get(asset_id)
        if found is None or (self.who.groups is not None and found.group not in self.who.groups):
            raise AssetWrong(Fault("no-such-asset"))
        if version is not None and version != found.version:
            raise AssetWrong(Fault("stale"))
        return found

    def schools(self, group: str) -> set[str]:
        """Codes that are known."""
        return {code for key in self.look.schools() for its, _, code in [key.partition("/")] if its == group}

    def record(self, what: str, asset: Asset, details: Mapping[str, str | int | bool | None]) -> None:
        AuditRows(self.work.connection).write(self.who, f"asset.{what}", f"asset:{asset.id}", details, self.now)


class AssetDesk:
    """Raises AssetWrong, which undoes everything of its step."""

    def __init__(self, store: Store, clock: Callable[[], int], zone: ZoneInfo) -> None:
        self._store, self._clock, self._zone = store, clock, zone

    def add(self, group: str, texts: Mapping[str, str], who: Principal, note: str = "") -> Asset:
        with self.deed(who) as doing:
            if who.groups is not None and group not in who.groups:
                raise AssetWrong(Fault("no-such-group", "group"))
            new = self._written(Asset(group, ""), texts, doing)
            kept = doing.rows.add(new, doing.deed("added", _note(note)))
            weigh_one(doing.work, kept, doing.now)
            doing.record("added", kept, {"number": kept.number})
        return kept

    def change(self, asset_id: int, texts: Mapping[str, str], version: int, who: Principal, note: str = "") -> Asset:
        """texts  of the fields that are to be other, by name; the rest stays."""
        with self.deed(who) as doing:
            now = doing.found(asset_id, version)
            then = self._written(now, texts, doing)
            then = doing.rows.change(then, doing.deed("changed", _note(note)))
            if then.version != now.version:
                weigh_one(doing.work, then, doing.now)
                doing.record("changed", then, {"number": then.number, "version": then.version})
        return then

    def move(self, asset_id: int, where: Moved, who: Principal) -> Asset:
        with self.deed(who) as doing:
            now = doing.found(asset_id, where.version)
            place = _parsed({"school": where.school, "room": where.room, "dish": where.dish})
            try:
                then = moved(now, place["school"], place["room"], place["dish"], where.state)
            except NotPossible as wrong:
                raise AssetWrong(Fault(wrong.code, wrong.field)) from None
            self._require(then, doing)
            then = doing.rows.change(then, doing.deed("moved", _note(where.note)))
            doing.record("moved", then, {"from": now.school, "to": then.school})
        return then

    def write_off(self, asset_id: int, wish: WrittenOff, who: Principal) -> Asset:
        with self.deed(who) as doing:
            now = doing.found(asset_id, wish.version)
            on = _parsed({"written_off_on": wish.on})["written_off_on"]
            disposal = _parsed({"disposal": wish.disposal})["disposal"]
            if on is None or not isinstance(disposal, Disposal):
                raise AssetWrong(Fault("missing", "disposal" if on else "written_off_on"))
            try:
                then = written_off(now, disposal, on, _note(wish.note), doing.today)
            except NotPossible as wrong:
                raise AssetWrong(Fault(wrong.code, wrong.field)) from None
            then = doing.rows.change(then, doing.deed("written_off", _note(wish.note)))
            weigh_one(doing.work, then, doing.now)
            doing.record("written_off", then, {"number": then.number, "how": disposal.value})
        return then

    def take_back(self, asset_id: int, version: int, note: str, who: Principal) -> Asset:
        with self.deed(who) as doing:
            now = doing.found(asset_id, version)
            try:
                then = taken_back(now, _note(note))
            except NotPossible as wrong:
                raise AssetWrong(Fault(wrong.code, wrong.field)) from None
            then = doing.rows.change(then, doing.deed("taken_back", _note(note)))
            doing.record("taken_back", then, {"number": then.number})
        return then

    def fit(self, asset_id: int, part: Part, who: Principal) -> Component:
        """A component; `replaces` is removed on the same day."""
        with self.deed(who) as doing:
            asset = doing.found(asset_id, part.version)
            if not asset.is_there:
                raise AssetWrong(Fault("written-off"))
            values = _part_values(part)
            doing.rows.touch(asset)
            if part.replaces:
                self._removed(doing, asset_id, part.replaces, values["fitted_on"] or doing.today, part.note)
            kept = doing.rows.fit(Component(asset_id, **values), doing.deed("fitted", _note(part.note)))
            doing.record("fitted", asset, {"kind": kept.kind})
        return kept

    def remove(self, asset_id: int, component_id: int, on: str, note: str, who: Principal) -> Component:
        with self.deed(who) as doing:
            asset = doing.found(asset_id)
            day = _parsed({"written_off_on": on})["written_off_on"] or doing.today
            gone = self._removed(doing, asset_id, component_id, day, note)
            doing.record("removed", asset, {"kind": gone.kind})
        return gone

    def settle(self, asset_id: int, name: str, said: str, *, take: bool, who: Principal) -> None:
        """A conflict: take over what the agent says, or keep the register."""
        with self.deed(who) as doing:
            asset = doing.found(asset_id)
            settle(doing.work, asset, name, said, doing.deed("taken_over"), take=take)
            doing.record("settled", asset, {"field": name, "taken": take})

    def exchange(self, asset_id: int, said: str, who: Principal) -> Asset:
        """Another set hangs there, which says this serial number: it comes into the register, the former is to be tested."""
        with self.deed(who) as doing:
            former = doing.found(asset_id)
            if all((each.field, each.said) != ("serial", said) for each in doing.look.conflicts(asset_id)):
                raise AssetWrong(Fault("stale"))
            key = DeviceKey(NodeKey(former.group, former.node_name), former.device or "")
            gone = replace(former, node="", room="", dish="", device=None, state=AssetState.IN_REPAIR)
            weigh_one(doing.work, doing.rows.change(gone, doing.deed("exchanged", said)), doing.now)
            asset, deed = taken_in(the_found(doing.look, key), who, doing.now)
            kept = doing.rows.add(replace(asset, room=former.room, dish=former.dish), deed)
            doing.record("exchanged", kept, {"former": asset_id})
        return kept

    def take_in(self, key: DeviceKey, who: Principal) -> Asset:
        """A device that reports, with all that its agent says of it."""
        with self.deed(who) as doing:
            asset, deed = taken_in(the_found(doing.look, key), who, doing.now)
            kept = doing.rows.add(asset, deed)
            doing.record("added", kept, {"device": str(key)})
        return kept

    def take_in_all(self, school: str, who: Principal) -> int:
        """All devices of a school, `group/code`, that report and are not in the register. How many."""
        with self.deed(who) as doing:
            found = doing.look.found(_MOST_AT_ONCE, school_key=school) if "/" in school else ()
            if not found:
                raise AssetWrong(Fault("no-such-device", "device"))
            for each in found:
                asset, deed = taken_in(each, who, doing.now)
                doing.rows.add(asset, deed)
            details: dict[str, str | int | bool | None] = {"school": school, "devices": len(found)}
            AuditRows(doing.work.connection).write(who, "asset.taken_in", f"school:{school}", details, doing.now)
        return len(found)

    @contextmanager
    def deed(self, who: Principal) -> Iterator[Work]:
        """A transaction of somebody; what the store refuses comes as AssetWrong."""
        now = self._clock()
        today = datetime.fromtimestamp(now / 1000, self._zone).date()
        with self._store.begin() as work:
            look = AssetLook(work.connection, who.groups)
            try:
                yield Work(work, AssetRows(work.connection), look, who, now, today)
            except AssetRefused as refused:
                code, name = _FLAWS[refused.flaw]
                raise AssetWrong(Fault(code, name, refused.by)) from None

    def _written(self, now: Asset, texts: Mapping[str, str], doing: Work) -> Asset:
        then = replace(now, **_parsed(texts))
        then = elsewhere(now, then) if now.id else then
        then = written_by_people(settled(then), now)
        self._require(then, doing)
        return then

    def _require(self, then: Asset, doing: Work) -> None:
        try:
            require(then, doing.schools(then.group))
        except NotPossible as wrong:
            raise AssetWrong(Fault(wrong.code, wrong.field)) from None

    def _removed(self, doing: Work, asset_id: int, component_id: int, on: date, note: str) -> Component:
        found = doing.rows.component(component_id)
        if found is None or found.asset != asset_id or found.removed_on is not None:
            raise AssetWrong(Fault("no-such-part", "replaces"))
        if found.fitted_on is not None and on < found.fitted_on:
            raise AssetWrong(Fault("before-fitted", "fitted_on"))
        return doing.rows.change_component(replace(found, removed_on=on), doing.deed("removed", _note(note)))


def _parsed(texts: Mapping[str, str]) -> dict[str, Any]:
    """All fields of `texts`, with every fault at once. Raises AssetWrong."""
    given: dict[str, Any] = {}
    faults = []
    for name, text in texts.items():
        if name not in FIELDS:
            faults.append(Fault("no-such-field", name))
            continue
        try:
            given.update(parsed(name, text))
        except BadField as bad:
            faults.append(Fault(bad.code, name, bad.value))
    if faults:
        raise AssetWrong(*faults)
    return given


def _part_values(part: Part) -> dict[str, Any]:
    """Of a component, by the readers of the register's own fields."""
    faults = [] if part.kind in (*PARTS, "other") else [Fault("no-such-kind", "kind", part.kind[:40])]
    read = {"name": "name", "serial": "serial", "fitted_on": "acquired_on", "warranty_until": "warranty_until"}
    read |= {"price": "price", "note": "note"}
    values: dict[str, Any] = {"kind": part.kind}
    for name, like in read.items():
        try:
            value = parsed(like, getattr(part, name))
        except BadField as bad:
            faults.append(Fault(bad.code, name, bad.value))
            continue
        values["price_satang" if name == "price" else name] = value[attributes(like)[0]]
    if faults:
        raise AssetWrong(*faults)
    return values


def _note(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NOTE]
