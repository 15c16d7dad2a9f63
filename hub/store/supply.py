"""The stock in the database. Whoever takes gets what is there or is told; every move is a row of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.store.supply_tables import stock_item, stock_level, stock_move, stock_promise
from hub.supply.places import OFFICE
from hub.supply.stock import Deed, Item, Level, Move, StockFlaw, StockRefused, Why

_MOVES = 200


class StockRows:
    """On one transaction. Items are named by their codes. Raises StockRefused."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def items(self, *, all_of_them: bool = False) -> tuple[Item, ...]:
        """In order of their names. all_of_them: those also that are kept no more."""
        rows = select(stock_item).order_by(stock_item.c.name, stock_item.c.id)
        rows = rows if all_of_them else rows.where(stock_item.c.active)
        return tuple(map(_item, self._connection.execute(rows)))

    def item(self, code: str) -> Item | None:
        found = self._connection.execute(select(stock_item).where(stock_item.c.code == code)).first()
        return None if found is None else _item(found)

    def add_item(self, new: Item) -> Item:
        if self.item(new.code) is not None:
            raise StockRefused(StockFlaw.CODE_TAKEN, new.code)
        row = insert(stock_item).values(**_columns(new)).returning(stock_item.c.id)
        return replace(new, id=self._connection.execute(row).scalar_one())

    def change_item(self, then: Item) -> Item:
        """then: with the id and the version that were read."""
        other = self.item(then.code)
        if other is not None and other.id != then.id:
            raise StockRefused(StockFlaw.CODE_TAKEN, then.code)
        mine = (stock_item.c.id == then.id) & (stock_item.c.version == then.version)
        changed = replace(then, version=then.version + 1)
        if self._connection.execute(update(stock_item).where(mine).values(**_columns(changed))).rowcount != 1:
            raise StockRefused(StockFlaw.STALE, then.code)
        return changed

    def levels(self, code: str | None = None) -> tuple[Level, ...]:
        """Where there is some, or was."""
        rows = select(stock_item.c.code, stock_level).join(stock_item).order_by(stock_item.c.code, stock_level.c.place)
        rows = rows if code is None else rows.where(stock_item.c.code == code)
        return tuple(Level(row.code, row.place, row.quantity, row.reserved) for row in self._connection.execute(rows))

    def level(self, code: str, place: str) -> Level:
        found = next((each for each in self.levels(code) if each.place == place), None)
        return found or Level(code, place, 0)

    def available(self, code: str, place: str = OFFICE) -> int:
        """Those that nobody was promised; none of an item that there is not."""
        return self.level(code, place).free

    def free_by_kind(self, place: str) -> Mapping[str, int]:
        """Of the items that are parts of the register, whatever their code; those of a kind together."""
        free = func.sum(stock_level.c.quantity - stock_level.c.reserved)
        rows = select(stock_item.c.kind, free).join(stock_level).where(stock_level.c.place == place)
        rows = rows.where(stock_item.c.active, stock_item.c.kind != "").group_by(stock_item.c.kind)
        return {kind: int(count) for kind, count in self._connection.execute(rows)}

    def take(self, code: str, count: int, deed: Deed, place: str = OFFICE) -> Level:
        """Of the free ones; what is left there."""
        return self._moved(code, place, -_whole(code, count), Why.TAKEN, deed)

    def give(self, code: str, count: int, deed: Deed, place: str = OFFICE) -> Level:
        """Put there what was bought or comes back."""
        return self._moved(code, place, _whole(code, count), Why.GIVEN, deed)

    def move(self, code: str, count: int, deed: Deed, *, origin: str, to: str) -> None:
        """From one place to another: two rows."""
        if origin == to:
            raise StockRefused(StockFlaw.SAME_PLACE, code)
        self._moved(code, origin, -_whole(code, count), Why.MOVED, deed, other=to)
        self._moved(code, to, count, Why.MOVED, deed, other=origin)

    def count(
        self, code: str, counted: int, seen: int, deed: Deed, *, place: str = OFFICE, why: Why = Why.COUNTED
    ) -> Level:
        """Somebody counted. seen: how many the hub said before, so that nobody counts over what happened meanwhile."""
        there = self.level(code, place)
        if there.count != seen:
            raise StockRefused(StockFlaw.STALE, code, there.count)
        if counted < there.reserved:
            raise StockRefused(StockFlaw.SHORT, code, there.reserved)
        return there if counted == seen else self._moved(code, place, counted - seen, why, deed)

    def reserve(self, code: str, count: int, subject: str, at: int, place: str = OFFICE) -> None:
        """Promise free ones to a subject; more for the same subject add up."""
        item, mine = self._known(code), _whole(code, count)
        level = stock_level.c
        here = (level.item_id == item.id) & (level.place == place) & (level.quantity - level.reserved >= mine)
        held = update(stock_level).where(here).values(reserved=level.reserved + mine)
        if self._connection.execute(held).rowcount != 1:
            raise StockRefused(StockFlaw.SHORT, code, self.available(code, place))
        of = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = of.insert(stock_promise).values(subject=subject, item_id=item.id, place=place, quantity=mine, at=at)
        more = {"quantity": stock_promise.c.quantity + row.excluded.quantity}
        self._connection.execute(row.on_conflict_do_update(index_elements=["subject", "item_id", "place"], set_=more))

    def release(self, subject: str) -> tuple[Level, ...]:
        """Let go what a subject was promised; what that was, as `reserved`."""
        rows = select(stock_promise, stock_item.c.code).join(stock_item).where(stock_promise.c.subject == subject)
        found = self._connection.execute(rows.with_for_update(of=stock_promise)).all()
        for row in found:
            level = stock_level.c
            here = (level.item_id == row.item_id) & (level.place == row.place)
            freed = update(stock_level).where(here).values(reserved=level.reserved - row.quantity)
            self._connection.execute(freed)
        self._connection.execute(delete(stock_promise).where(stock_promise.c.subject == subject))
        return tuple(Level(row.code, row.place, row.quantity, row.quantity) for row in found)

    def moves(self, code: str | None = None, subject: str | None = None) -> tuple[Move, ...]:
        """The newest first."""
        rows = select(stock_move, stock_item.c.code).join(stock_item).order_by(stock_move.c.id.desc()).limit(_MOVES)
        rows = rows if code is None else rows.where(stock_item.c.code == code)
        rows = rows if subject is None else rows.where(stock_move.c.subject == subject)
        return tuple(map(_move, self._connection.execute(rows)))

    def _known(self, code: str) -> Item:
        item = self.item(code)
        if item is None:
            raise StockRefused(StockFlaw.NO_SUCH_ITEM, code)
        return item

    def _moved(self, code: str, place: str, change: int, why: Why, deed: Deed, *, other: str = "") -> Level:
        item = self._known(code)
        self._have_row(item.id, place)
        level = stock_level.c
        here = (level.item_id == item.id) & (level.place == place) & (level.quantity + change >= level.reserved)
        done = update(stock_level).where(here).values(quantity=level.quantity + change)
        found = self._connection.execute(done.returning(level.quantity, level.reserved)).first()
        if found is None:
            raise StockRefused(StockFlaw.SHORT, code, self.available(code, place))
        row = {"item_id": item.id, "place": place, "change": change, "left": found.quantity, "why": why.value}
        told = {"who": deed.who, "name": deed.name, "at": deed.at, "subject": deed.subject, "note": deed.note}
        self._connection.execute(insert(stock_move).values(**row, **told, other=other))
        return Level(code, place, found.quantity, found.reserved)

    def _have_row(self, item_id: int, place: str) -> None:
        of = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = of.insert(stock_level).values(item_id=item_id, place=place, quantity=0, reserved=0)
        self._connection.execute(row.on_conflict_do_nothing())


def _whole(code: str, count: int) -> int:
    if count <= 0:
        raise StockRefused(StockFlaw.NO_COUNT, code)
    return count


def _columns(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "unit": item.unit,
        "kind": item.kind,
        "least": item.least,
        "price_satang": item.price_satang,
        "note": item.note,
        "active": item.active,
        "version": item.version,
    }


def _item(row: Any) -> Item:
    return Item(
        row.code,
        row.name,
        row.unit,
        row.kind,
        row.least,
        row.price_satang,
        row.note,
        row.active,
        row.version,
        row.id,
    )


def _move(row: Any) -> Move:
    deed = Deed(row.who, row.name, row.at, row.subject, row.note)
    return Move(row.code, row.place, row.change, row.left, Why(row.why), deed, row.other, row.id)
