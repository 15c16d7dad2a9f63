"""What people do with the stock beside requests, and the behaviour of the workflows of supply."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hub.core.people import Principal
from hub.office import lending, offers, stock_steps
from hub.office.stock_lists import StockFiles
from hub.requesting import Hook
from hub.store.audit import AuditRows
from hub.store.request_views import Around, RequestLook
from hub.store.supply import StockRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import OFFICE, ONE_OFFICE, Offices, car_of
from hub.supply.stock import Deed, Item, Level, Move, StockFlaw, StockRefused, is_low
from hub.web.supply_pages import Kept, Shift
from hub.workflows.schema import Kind


def supply_hooks(offices: Offices) -> Mapping[str, Hook]:
    return {**stock_steps.hooks(offices), **lending.hooks(offices), **offers.HOOKS}


class Supply:
    """Raises StockRefused, which undoes everything of its step."""

    def __init__(self, store: Store, clock: Callable[[], int], offices: Offices = ONE_OFFICE) -> None:
        self._store, self._clock, self._offices = store, clock, offices
        self._look = RequestLook(store, offices)
        self.lists = StockFiles(store, clock, offices)

    def all(self, who: Principal) -> tuple[Kept, ...]:
        """Without what lies in districts that are not theirs."""
        sees = self._seen_by(who)
        with self._store.reading() as connection:
            rows = StockRows(connection)
            items, levels = rows.items(all_of_them=True), rows.levels()
        by_code: dict[str, list[Level]] = {}
        for each in filter(lambda level: sees(level.place), levels):
            by_code.setdefault(each.item, []).append(each)
        return tuple(self._kept(item, tuple(by_code.get(item.code, ())), who) for item in items)

    def one(self, code: str, who: Principal) -> tuple[Kept, tuple[Move, ...]] | None:
        sees = self._seen_by(who)
        with self._store.reading() as connection:
            rows = StockRows(connection)
            item = rows.item(code)
            if item is None:
                return None
            levels = tuple(each for each in rows.levels(code) if sees(each.place))
            # Where it went in another district is none of theirs to know; that the hub's own office sent it, is.
            here = (each for each in rows.moves(code) if sees(each.place))
            moves = (
                each if each.other in (OFFICE, "") or sees(each.other) else replace(each, other="") for each in here
            )
            return self._kept(item, levels, who), tuple(moves)

    def add(self, item: Item, who: Principal) -> Item:
        with self._store.begin() as work:
            added = StockRows(work.connection).add_item(item)
            self._audit(work, "stock.item_added", item.code, who)
        return added

    def change(self, item: Item, who: Principal) -> Item:
        with self._store.begin() as work:
            changed = StockRows(work.connection).change_item(item)
            self._audit(work, "stock.item_changed", item.code, who)
        return changed

    def give(self, shift: Shift, who: Principal) -> None:
        shift = self._meant(shift, who)
        with self._store.begin() as work:
            self._known(work, who, shift.place)
            StockRows(work.connection).give(shift.code, shift.count, self._deed(shift, who), shift.place)

    def move(self, shift: Shift, who: Principal) -> None:
        shift, sees = self._meant(shift, who), self._seen_by(who)
        with self._store.begin() as work:
            # What lies at a school that is closed, or in the car of somebody who left, is to be fetched.
            if not sees(shift.place):
                raise StockRefused(StockFlaw.NO_SUCH_PLACE)
            self._known(work, who, shift.to)
            rows, deed = StockRows(work.connection), self._deed(shift, who)
            rows.move(shift.code, shift.count, deed, origin=shift.place, to=shift.to)
            stock_steps.warn_if_low(work, rows.level(shift.code, shift.place), shift.count, deed.at)

    def count(self, shift: Shift, who: Principal) -> None:
        if not shift.note.strip():
            raise StockRefused(StockFlaw.NO_REASON, shift.code)
        if shift.count < 0:
            raise StockRefused(StockFlaw.NO_COUNT, shift.code)
        shift = self._meant(shift, who)
        with self._store.begin() as work:
            self._known(work, who, shift.place)
            rows, deed = StockRows(work.connection), self._deed(shift, who)
            left = rows.count(shift.code, shift.count, shift.seen, deed, place=shift.place)
            stock_steps.warn_if_low(work, left, shift.seen - shift.count, deed.at)
            told: dict[str, str | int] = {"place": shift.place, "before": shift.seen, "after": shift.count}
            AuditRows(work.connection).write(who, "stock.counted", f"item:{shift.code}", {**told}, deed.at)

    def _audit(self, work: UnitOfWork, what: str, code: str, who: Principal) -> None:
        AuditRows(work.connection).write(who, what, f"item:{code}", {}, self._clock())

    def _deed(self, shift: Shift, who: Principal) -> Deed:
        return Deed(who.label, who.name, self._clock(), note=shift.note.strip())

    def _known(self, work: UnitOfWork, who: Principal, place: str) -> None:
        if not Around(work.connection, who, self._offices).knows(Kind.PLACE, place):
            raise StockRefused(StockFlaw.NO_SUCH_PLACE)

    def _meant(self, shift: Shift, who: Principal) -> Shift:
        place, to = (self._offices.meant(each, who.groups) for each in (shift.place, shift.to))
        return replace(shift, place=place, to=to)

    def _seen_by(self, who: Principal) -> Callable[[str], bool]:
        cars = {car_of(each) for each in self._look.people(who)} if who.groups is not None else ()
        return lambda place: self._offices.shows(place, who.groups, cars)

    def _kept(self, item: Item, levels: tuple[Level, ...], who: Principal) -> Kept:
        """Low, where an office of theirs has too few. Where they have several, only of those that ever had some."""
        there = tuple(each for each in levels if each.count)
        own = self._offices.of_some(who.groups)
        free = [each.free for each in levels if each.place in own] or [0] * (len(own) == 1)
        return Kept(item, there, any(is_low(item, each) for each in free))
