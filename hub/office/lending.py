"""What steps of a loan do: assets and stock go out to whoever borrows them, and come back, at once or in several parts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import cast

from hub.core.assets import Asset, AssetRefused, AssetState, Deed
from hub.office.reach import groups_of
from hub.office.stock_steps import deed_of, given_place, rows_of, take_rows
from hub.requesting import Hook
from hub.store.assets import AssetRows
from hub.store.requests import RequestRows
from hub.store.supply import StockRows
from hub.store.unit_of_work import UnitOfWork
from hub.supply.places import Offices
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Request, Rows, Step, Told, Values

LENT, RETURNED = "lent", "returned"
"""Lines of an asset's history."""
_SOME = "take_back_some"
_Thing = tuple[str, str]
"""`asset` or `item`, and its number or code."""


def lend_out(offices: Offices, work: UnitOfWork, step: Step) -> None:
    """Raises Refused: something is lent already, written off, or not in the stock."""
    items = step.request.values.get("items", ())
    lent = replace(step, entry=replace(step.entry, values={**step.entry.values, "items": items}))
    take_rows(work, lent, "items", given_place(work, step, offices))
    rows = AssetRows(work.connection)
    for number, row in enumerate(rows_of(lent, "items"), 1):
        if "asset" in row:
            _lend(rows, _to_lend(work, str(row["asset"]), step), step, number)


def take_back(offices: Offices, work: UnitOfWork, step: Step) -> None:
    """All that is still out. Raises Refused: something stays away of which nobody says that it is lost."""
    for kind, name in (each for each, count in _take(offices, work, step).items() if count):
        raise Refused(Refusal.GUARD, [Fault(f"still_out_{kind}", "back", {"what": name})])


def take_back_some(offices: Offices, work: UnitOfWork, step: Step) -> None:
    """The rest stays lent, and due on the same day. Raises Refused: nobody says how something came back."""
    for number, row in enumerate(rows_of(step, "back"), 1):
        if "condition" not in row:
            raise Refused(Refusal.FIELDS, [Fault("missing", "back", {}, row=number, column="condition")])
    _take(offices, work, step)


def hooks(offices: Offices) -> Mapping[str, Hook]:
    named = {"lend_out": lend_out, "take_back": take_back, "take_back_some": take_back_some}
    return {name: partial(hook, offices) for name, hook in named.items()}


def _take(offices: Offices, work: UnitOfWork, step: Step) -> Counter[_Thing]:
    """What works goes back to where it was; what is broken waits for repair; what is lost stays out of the stock.

    What is still out then. Raises Refused: more comes back than is out, or something else.
    """
    left = _left(work, step)
    stock, rows = StockRows(work.connection), AssetRows(work.connection)
    place = _taken_from(offices, work, step)
    for row in rows_of(step, "back"):
        condition = str(row.get("condition") or step.entry.values["condition"])
        if "item" in row and condition == "whole":
            stock.give(str(row["item"]), int(row["quantity"]), deed_of(step), place)
        if "asset" in row:
            found = _assets_of(work, str(row["asset"]), step.request)
            asset = next((each for each in found if is_lent(rows, each.id, step.request.number)), None)
            if asset is not None:
                _return(rows, asset, step, condition)
    return left


def is_lent(rows: AssetRows, asset_id: int, loan: str | None = None) -> bool:
    """Whether it went out, with this loan or with any, and has not come back."""
    told = (each.deed for each in rows.history(asset_id) if each.deed.what in (LENT, RETURNED))
    last = next(told, None)
    return last is not None and last.what == LENT and loan in (None, last.note)


def _left(work: UnitOfWork, step: Step) -> Counter[_Thing]:
    """Of an asset, or an item of the stock, comes back what went out, in one row or in several; the rest nobody counts."""
    left: Counter[_Thing] = Counter()
    for row in _rows(step.request.values, "items"):
        left += Counter({each: int(row["quantity"]) for each in _counted(row)})
    # The last entry is the one that is being taken.
    for entry in RequestRows(work.connection).history(step.request.id)[:-1]:
        if entry.told is Told.MOVED and entry.transition == _SOME:
            for row in _rows(entry.values, "back"):
                left.subtract({each: int(row["quantity"]) for each in _counted(row)})
    for number, row in enumerate(rows_of(step, "back"), 1):
        for each in _counted(row):
            out, left[each] = left[each], left[each] - int(row["quantity"])
            if left[each] < 0:
                raise Refused(Refusal.GUARD, [Fault("not_lent", "back", {"left": out}, row=number, column="quantity")])
    return left


def _rows(values: Values, name: str) -> Rows:
    return cast("Rows", values.get(name, ()))


def _counted(row: Mapping[str, str | int | float]) -> list[_Thing]:
    return [(column, str(row[column])) for column in ("asset", "item") if column in row]


def _assets_of(work: UnitOfWork, number: str, request: Request) -> list[Asset]:
    """By the numbers that offices write on them, which two districts may both have written."""
    rows = AssetRows(work.connection)
    if request.group:
        found = rows.by_number(request.group, number)
        return [] if found is None else [found]
    return [each for each in rows.all() if each.number == number]


def _to_lend(work: UnitOfWork, number: str, step: Step) -> Asset | None:
    """Nobody hands out what is of a district that is not theirs, nor one of two that have the same number."""
    groups = groups_of(work, step.entry.who)
    found = [each for each in _assets_of(work, number, step.request) if groups is None or each.group in groups]
    return found[0] if len(found) == 1 else None


def _lend(rows: AssetRows, asset: Asset | None, step: Step, number: int) -> None:
    if asset is None or not asset.is_there:
        raise Refused(Refusal.GUARD, [Fault("not_there", "items", {}, row=number, column="asset")])
    if is_lent(rows, asset.id):
        raise Refused(Refusal.GUARD, [Fault("lent_already", "items", {}, row=number, column="asset")])
    out = replace(asset, state=AssetState.IN_USE)
    if step.request.school and step.request.group == asset.group:
        out = replace(out, school=step.request.school, room="")
    _change(rows, asset, out, _deed(step, LENT))


def _return(rows: AssetRows, asset: Asset, step: Step, condition: str) -> None:
    """Where it was before it was lent."""
    went = next(each for each in rows.history(asset.id) if each.deed.what == LENT)
    before = {name: was for name, was, _ in went.changes}
    back = replace(asset, school=before.get("school", asset.school), room=before.get("room", asset.room))
    state = AssetState(before.get("state", asset.state.value))
    back = replace(back, state=AssetState.IN_REPAIR if condition == "broken" else state)
    _change(
        rows, asset, asset if condition == "lost" else back, _deed(step, RETURNED if condition != "lost" else "missing")
    )


def _change(rows: AssetRows, now: Asset, then: Asset, deed: Deed) -> None:
    """Also where nothing of it changes, its history tells of it."""
    try:
        if rows.change(then, deed) == now:
            rows.tell(now.id, deed)
    except AssetRefused as refused:
        raise Refused(Refusal.GUARD, [Fault(f"asset_{refused.flaw.value}", "items", {"by": refused.by})]) from None


def _deed(step: Step, what: str) -> Deed:
    entry = step.entry
    return Deed(what, entry.who, entry.name, entry.at, step.request.number)


def _taken_from(offices: Offices, work: UnitOfWork, step: Step) -> str:
    """The place that was said when it was handed out, as whoever said it meant it."""
    history = RequestRows(work.connection).history(step.request.id)
    said = [each for each in history if "place" in each.values]
    return given_place(work, replace(step, entry=said[-1] if said else history[0]), offices)
