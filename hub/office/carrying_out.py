"""The lines of a plan, carried out piece by piece: reserved, sent, delivered, seen by the agent, accepted into the register."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from hub.allocation.lines import Fate, Line, Source, Stage, Work, backward, forward
from hub.allocation.promises import promised
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import LineEntry, StageWish
from hub.core.assets import Asset, AssetFlaw, AssetRefused, AssetState, Disposal
from hub.core.assets import Deed as AssetDeed
from hub.core.people import Principal
from hub.core.texts import Text
from hub.office.planning import THE_HUB
from hub.office.shortages import tell_short
from hub.office.stock_steps import warn_if_low
from hub.store.allocation import AllocationRows, Deed
from hub.store.asset_records import AssetRecords, read_records
from hub.store.assets import AssetRows
from hub.store.needs import NeedRows
from hub.store.newcomers import SEEN
from hub.store.supply import StockRows
from hub.store.unit_of_work import UnitOfWork
from hub.supply.places import ONE_OFFICE, Offices
from hub.supply.stock import Deed as StockDeed
from hub.supply.stock import StockRefused

NOT_IN_STOCK = "line.not_in_stock"
LOOKS_BACK_MS = 30 * 86_400_000
_MOST_SERIALS = 200
_WORN_PCT = 100.0
_LONGEST = 200
Params = Mapping[str, str | int | float | bool | None]


class CarryingOut:
    """On one transaction. Raises PlanRefused."""

    def __init__(self, work: UnitOfWork, zone: ZoneInfo, now: int, offices: Offices = ONE_OFFICE) -> None:
        self.rows = AllocationRows(work.connection)
        self._assets, self._needs = AssetRows(work.connection), NeedRows(work.connection)
        self._stock, self._zone, self._now = StockRows(work.connection), zone, now
        self._work, self._offices = work, offices

    def step(self, line: Line, wish: StageWish, who: Principal) -> Line:
        """A step that somebody takes."""
        then = forward(replace(line, version=wish.version), wish.stage, wish.pieces)
        params: Params = {"pieces": wish.pieces}
        if wish.stage is Stage.RESERVED:
            self._reserve(line, wish.pieces)
            params = {"pieces": wish.pieces, **self._condition(line)}
        elif wish.stage is Stage.DISPATCHED:
            self._send_out(line, wish.pieces, who)
            then = replace(then, serials=_serials(then, wish.serials, self._given(line)))
            params = {"pieces": wish.pieces, "old_serial": self._old_serial(line)}
        elif wish.stage is Stage.ACCEPTED:
            params = self._accept(line, wish, who)
        return self.rows.change(then, Deed(who, self._now, Text(f"line.{wish.stage.value}", params), wish.note.strip()))

    def reserve_all(self, lines: Iterable[Line]) -> None:
        """What is in stock or is moved; what has to be bought waits for its purchase request."""
        for line in lines:
            pieces = line.waiting(Stage.RESERVED)
            if line.source is Source.PURCHASE or not pieces:
                continue
            try:
                self._reserve(line, pieces)
            except PlanRefused:
                self.rows.tell(line.id, Deed(THE_HUB, self._now, Text(NOT_IN_STOCK)))
                tell_short(self._work, line, self._now)
                continue
            text = Text("line.reserved", {"pieces": pieces, **self._condition(line)})
            self.rows.change(forward(line, Stage.RESERVED, pieces), Deed(THE_HUB, self._now, text))

    def release_all(self, lines: Iterable[Line]) -> None:
        """Of a round that was stopped, or summed up before they were sent."""
        for line in lines:
            self._stock.release(_subject(line))

    def see(self, line: Line, params: Params) -> Line:
        """The agent sees it: so it was delivered as well."""
        then = line
        for stage in (Stage.DISPATCHED, Stage.DELIVERED):
            if then.work is Work.NEW and not then.waiting(Stage.INSTALLED) and then.waiting(stage):
                then = forward(then, stage, 1)
        then = forward(then, Stage.INSTALLED, 1)
        return self.rows.change(then, Deed(THE_HUB, self._now, Text(SEEN, {"pieces": 1, **params})))

    def order(self, line: Line, number: str, who: Principal) -> Line:
        """Its purchase is asked for: the money is bound."""
        pieces = line.waiting(Stage.RESERVED)
        then = replace(forward(line, Stage.RESERVED, pieces), order=number)
        text = Text("line.ordered", {"pieces": pieces, "number": number})
        return self.rows.change(then, Deed(who, self._now, text))

    def unorder(self, line: Line, number: str) -> Line:
        """Nobody buys it: the money is free again, and the line can be ordered anew."""
        text = Text("line.unordered", {"pieces": line.waiting(line.stages[1]), "number": number})
        return self.rows.change(backward(line), Deed(THE_HUB, self._now, text))

    def take_back(self, line: Line, version: int, reason: str, who: Principal) -> Line:
        """What was reserved is free for others."""
        if not reason.strip():
            raise PlanRefused(PlanFlaw.MISSING, "reason")
        then = backward(replace(line, version=version))
        self._stock.release(_subject(line))
        text = Text("line.taken_back", {"pieces": line.waiting(line.stages[1])})
        return self.rows.change(then, Deed(who, self._now, text, reason.strip()))

    def _reserve(self, line: Line, pieces: int) -> None:
        if line.giver is not None:
            self._given(line)
            promised(self.rows.of_others(line.round, locked=True)).check_giver(line.giver)
            return
        if line.source is not Source.STOCK or line.work is Work.REPAIR:
            return
        office = self._offices.of(line.group)
        for item in self._stock.items():
            if item.kind == line.kind and self._stock.available(item.code, office) >= pieces:
                try:
                    self._stock.reserve(item.code, pieces, _subject(line), self._now, office)
                except StockRefused:
                    continue
                warn_if_low(self._work, self._stock.level(item.code, office), pieces, self._now)
                return
        raise PlanRefused(PlanFlaw.NOT_IN_STOCK)

    def _condition(self, line: Line) -> Params:
        """Of what is to be repaired: telemetry can only confirm what it saw broken."""
        asset = self._assets.get(line.asset) if line.work is Work.REPAIR and line.asset is not None else None
        return {} if asset is None else {"was_broken": not is_well(asset, self._records)}

    @cached_property
    def _records(self) -> AssetRecords:
        return read_records(self._work.connection, self._now - LOOKS_BACK_MS, self._now, self._zone)

    def _send_out(self, line: Line, pieces: int, who: Principal) -> None:
        """What was promised leaves the stock; what is not sent yet stays promised."""
        deed = StockDeed(who.label, who.name, self._now, _subject(line))
        try:
            for each in self._stock.release(deed.subject):
                going = min(pieces, each.reserved)
                self._stock.take(each.item, going, deed, each.place)
                if each.reserved > going:
                    self._stock.reserve(each.item, each.reserved - going, deed.subject, self._now, each.place)
        except StockRefused:
            raise PlanRefused(PlanFlaw.NOT_IN_STOCK) from None

    def _given(self, line: Line) -> Asset | None:
        """The asset that is moved. Raises PlanRefused where it is gone."""
        if line.giver is None:
            return None
        asset = self._assets.get(line.giver)
        if asset is None or not asset.is_there:
            raise PlanRefused(PlanFlaw.NO_SUCH_ASSET, "giver")
        return asset

    def _accept(self, line: Line, wish: StageWish, who: Principal) -> Params:
        """One piece, with its papers: it comes into the register, and the need is met."""
        if wish.pieces != 1:
            raise PlanRefused(PlanFlaw.TOO_MANY, "pieces", most=1)
        if not wish.receipt.strip():
            raise PlanRefused(PlanFlaw.MISSING, "receipt")
        deed = AssetDeed("allocated", who.label, who.name, self._now, f"{line.round} {wish.receipt.strip()}"[:_LONGEST])
        told: dict[str, str | int | float | bool | None] = {"pieces": 1, "receipt": wish.receipt.strip()[:_LONGEST]}
        if line.work is Work.NEW:
            old = self._assets.get(line.asset) if line.asset is not None else None
            try:
                self._part_with(_with_own_serial(old, self.sent(line)), wish, deed)
                new = self._take_in(line, old, wish, deed)
            except AssetRefused as refused:
                raise _as_ours(refused) from None
            told |= {"number": new.number, "serial": new.serial, "asset": new.id, "fate": wish.fate.value}
        self._meet(line)
        return told

    def _part_with(self, old: Asset | None, wish: StageWish, deed: AssetDeed) -> None:
        """The old one goes where it was said."""
        if old is None or not old.is_there:
            return
        if wish.fate is Fate.NONE:
            # It stays where it is, but no agent hears it any more: the new one hangs there.
            then = replace(old, device=None)
        elif wish.fate is Fate.WRITTEN_OFF:
            how = wish.disposal or Disposal.DESTROYED
            then = replace(old, device=None, state=AssetState.WRITTEN_OFF, written_off_on=self._today, disposal=how)
        else:
            if wish.fate is Fate.MOVED and not wish.to_school.strip():
                raise PlanRefused(PlanFlaw.MISSING, "to_school")
            school = wish.to_school.strip() if wish.fate is Fate.MOVED else ""
            # Whether what comes back works, whoever tests it says.
            state = AssetState.IN_USE if wish.fate is Fate.MOVED else AssetState.IN_REPAIR
            then = replace(old, device=None, node="", school=school, room="", dish="", state=state)
        self._assets.change(then, deed)

    def _take_in(self, line: Line, old: Asset | None, wish: StageWish, deed: AssetDeed) -> Asset:
        """Where the old one was; with what the agent said of it when it saw it."""
        seen = self._seen(line)
        room = (old.room if old is not None else "") or str(seen.get("room") or "")
        device = seen.get("device") or (old.device if old is not None else None)
        place = {
            "school": line.school,
            "room": room,
            "dish": old.dish if old is not None else "",
            "node": str(seen.get("node") or (old.node if old is not None else "")),
            "device": None if device is None else str(device),
            "state": AssetState.IN_USE,
        }
        serial = wish.serial.strip() or str(seen.get("serial") or "")
        given = self._given(line)
        if given is not None:
            number = wish.number.strip() or given.number
            return self._assets.change(replace(given, **place, number=number, serial=serial or given.serial), deed)  # type: ignore[arg-type]
        if not serial and not wish.number.strip():
            raise PlanRefused(PlanFlaw.MISSING, "number")
        profile = str(seen.get("profile") or "")
        bought = Asset(
            group=line.group,
            kind=line.kind,
            number=wish.number.strip(),
            serial=serial,
            name=line.what,
            profile=profile,
            price_satang=line.price_satang or None,
            acquired_on=self._today,
            fund=line.round,
            **place,  # type: ignore[arg-type]
        )
        return self._assets.add(bought, deed)

    def sent(self, line: Line) -> Params:
        """What was noted when its first piece was sent."""
        return first_noted(self.rows.history(line.round).get(line.id, ()), "line.dispatched")

    def _seen(self, line: Line) -> Params:
        """What the agent said of a piece that is not accepted yet."""
        told = [each.text.params for each in self.rows.history(line.round).get(line.id, ()) if each.text.code == SEEN]
        at = line.reached(Stage.ACCEPTED)
        return told[at] if at < len(told) else {}

    def _old_serial(self, line: Line) -> str:
        """Of what is replaced, as long as it stands there: the agent may tell another one soon."""
        old = self._assets.get(line.asset) if line.asset is not None else None
        return "" if old is None else old.serial

    def _meet(self, line: Line) -> None:
        name, _, number = (line.need or "").partition(":")
        opened = int(number) if name == "opened" and number.isdecimal() else None
        self._needs.close(opened, line.asset, line.id, self._now)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self._now / 1000, self._zone).date()


def first_noted(told: Iterable[LineEntry], code: str) -> Params:
    """With the first entry of this kind."""
    return next((each.text.params for each in told if each.text.code == code), {})


def is_well(asset: Asset, records: AssetRecords) -> bool:
    """No fault stands, and nothing is used up."""
    record = records.record(asset)
    worn = (record.lamp_pct, record.disk_pct)
    return record.standing is None and all(each is None or each < _WORN_PCT for each in worn)


def _serials(line: Line, told: Iterable[str], given: Asset | None) -> tuple[str, ...]:
    """By which the agent of the school will know what was sent."""
    named = [each.strip()[:_LONGEST] for each in told if each.strip()]
    if given is not None and given.serial:
        named.append(given.serial)
    return tuple(dict.fromkeys((*line.serials, *named)))[:_MOST_SERIALS]


def _with_own_serial(old: Asset | None, sent: Params) -> Asset | None:
    """The register may have taken over what the agent said of the new one in its place."""
    own = str(sent.get("old_serial") or "")
    return replace(old, serial=own) if old is not None and own else old


def _subject(line: Line) -> str:
    return f"line:{line.id}"


def _as_ours(refused: AssetRefused) -> PlanRefused:
    if refused.flaw in (AssetFlaw.NUMBER_TAKEN, AssetFlaw.DEVICE_TAKEN):
        field = "number" if refused.flaw is AssetFlaw.NUMBER_TAKEN else "device"
        return PlanRefused(PlanFlaw.TAKEN, field, by=refused.by)
    return PlanRefused(PlanFlaw.STALE if refused.flaw is AssetFlaw.STALE else PlanFlaw.NO_SUCH_ASSET)
