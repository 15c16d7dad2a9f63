"""What people do with the stock beside requests, and the behaviour of the workflows of supply."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from hub.core.people import Principal
from hub.office import lending, offers, stock_steps
from hub.office.stock_lists import StockFiles
from hub.requesting import Hook
from hub.store.audit import AuditRows
from hub.store.request_views import Around
from hub.store.supply import StockRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import OFFICE, is_within
from hub.supply.stock import Deed, Item, Level, Move, StockFlaw, StockRefused, is_low
from hub.web.supply_pages import Kept, Shift
from hub.workflows.schema import Kind

SUPPLY_HOOKS: Mapping[str, Hook] = {**stock_steps.HOOKS, **lending.HOOKS, **offers.HOOKS}


Lying = TypeVar("Lying", Level, Move)


class Supply:
    """Raises StockRefused, which undoes everything of its step."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store, self._clock = store, clock
        self.lists = StockFiles(store, clock)

    def all(self, who: Principal) -> tuple[Kept, ...]:
        """Without what lies at schools of districts that are not theirs."""
        with self._store.reading() as connection:
            rows = StockRows(connection)
            items, levels = rows.items(all_of_them=True), rows.levels()
        by_code: dict[str, list[Level]] = {}
        for each in _theirs(levels, who):
            by_code.setdefault(each.item, []).append(each)
        return tuple(_kept(item, tuple(by_code.get(item.code, ()))) for item in items)

    def one(self, code: str, who: Principal) -> tuple[Kept, tuple[Move, ...]] | None:
        with self._store.reading() as connection:
            rows = StockRows(connection)
            item = rows.item(code)
            if item is None:
                return None
            moves = tuple(each for each in rows.moves(code) if is_within(each.other, who.groups))
            return _kept(item, _theirs(rows.levels(code), who)), _theirs(moves, who)

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
        with self._store.begin() as work:
            self._known(work, who, shift.place)
            StockRows(work.connection).give(shift.code, shift.count, self._deed(shift, who), shift.place)

    def move(self, shift: Shift, who: Principal) -> None:
        with self._store.begin() as work:
            # What lies at a school that is closed, or in the car of somebody who left, is to be fetched.
            if not is_within(shift.place, who.groups):
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
        if not Around(work.connection, who).knows(Kind.PLACE, place):
            raise StockRefused(StockFlaw.NO_SUCH_PLACE)


def _theirs(rows: Iterable[Lying], who: Principal) -> tuple[Lying, ...]:
    return tuple(each for each in rows if is_within(each.place, who.groups))


def _kept(item: Item, levels: tuple[Level, ...]) -> Kept:
    there = tuple(each for each in levels if each.count)
    free = next((each.free for each in levels if each.place == OFFICE), 0)
    return Kept(item, there, is_low(item, free))
