"""What steps of requests do to the stock: handing out takes, goods that come are put there, and who waits for them is told."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

from hub.core.people import Role
from hub.office.reach import groups_of
from hub.requesting import Hook
from hub.store.messages import Param, tell
from hub.store.requests import RequestRows
from hub.store.supply import StockRows
from hub.store.unit_of_work import UnitOfWork
from hub.supply.places import Offices, PlaceKind, district_of, kind_of
from hub.supply.stock import Deed, Level, StockFlaw, StockRefused, is_low
from hub.web.addresses import item_url, request_url, round_url
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Request, Rows, Step

_SUPPLY, _ALLOCATION = ("supply",), "allocation"


def take_from_stock(offices: Offices, work: UnitOfWork, step: Step) -> None:
    """What is handed out is taken, all of it or nothing."""
    take_rows(work, step, "issued", given_place(work, step, offices))


def put_into_stock(offices: Offices, work: UnitOfWork, step: Step) -> None:
    """Rows of what has come that name an item of the stock; others go where they were bought for."""
    stock, deed, place = StockRows(work.connection), deed_of(step), given_place(work, step, offices)
    for row in rows_of(step, "received"):
        if "item" in row:
            stock.give(str(row["item"]), int(row["quantity"]), deed, place)


def tell_parent(work: UnitOfWork, step: Step) -> None:
    """Whoever waits for a purchase hears how far it is."""
    request = step.request
    parent = RequestRows(work.connection).get(request.parent) if request.parent else None
    if parent is None:
        return
    params = {"number": request.number, "parent": parent.number, "subject": _subject(request)}
    tell(
        work.connection,
        f"purchase.{step.entry.transition}",
        {**params, "path": (round_url if parent.type == _ALLOCATION else request_url)(parent.number)},
        _waiting(parent),
        step.entry.at,
        group=parent.group,
        school=parent.school,
    )


def hooks(offices: Offices) -> Mapping[str, Hook]:
    return {
        "take_from_stock": partial(take_from_stock, offices),
        "put_into_stock": partial(put_into_stock, offices),
        "tell_parent": tell_parent,
    }


def take_rows(work: UnitOfWork, step: Step, field: str, place: str) -> None:
    """The items of a field of rows. Raises Refused with the row that there is not enough of."""
    stock, deed = StockRows(work.connection), deed_of(step)
    for number, row in enumerate(rows_of(step, field), 1):
        if "item" not in row:
            continue
        code, count = str(row["item"]), int(row["quantity"])
        try:
            left = stock.take(code, count, deed, place)
        except StockRefused as refused:
            raise Refused(Refusal.GUARD, [_short(field, number, refused)]) from None
        warn_if_low(work, left, count, deed.at)


def warn_if_low(work: UnitOfWork, left: Level, taken: int, at: int) -> None:
    """Once, when an office comes to have fewer than it should: those of its district are told."""
    item = StockRows(work.connection).item(left.item)
    if (
        kind_of(left.place) is not PlaceKind.OFFICE
        or item is None
        or not is_low(item, left.free)
        or is_low(item, left.free + taken)
    ):
        return
    params: dict[str, Param] = {"item": item.name, "unit": item.unit, "free": left.free, "least": item.least}
    tell(
        work.connection,
        "stock.low",
        {**params, "path": item_url(item.code)},
        _SUPPLY,
        at,
        group=district_of(left.place),
    )


def deed_of(step: Step) -> Deed:
    entry = step.entry
    return Deed(entry.who, entry.name, entry.at, f"request:{step.request.number}", entry.note)


def _waiting(parent: Request) -> tuple[str, ...]:
    """Who goes on with it."""
    if parent.type == _ALLOCATION:
        return (parent.opened_by, Role.GROUP_HEAD.value, *_SUPPLY)
    if parent.type == "material_request":
        return (parent.opened_by, *_SUPPLY)
    return (parent.opened_by, str(parent.values.get("technician", Role.TECHNICIAN.value)))


def rows_of(step: Step, field: str) -> Rows:
    """As they were given with this step."""
    return cast("Sequence[Mapping[str, str | int | float]]", step.entry.values.get(field, ()))


def given_place(work: UnitOfWork, step: Step, offices: Offices) -> str:
    """The one that was said, else the office of the request's district. Raises Refused: that of another district."""
    said = step.entry.values.get("place")
    own, groups = step.request.group, groups_of(work, step.entry.who)
    place = offices.meant(str(said), groups) if said else offices.of(own)
    if own is not None and district_of(place) not in (None, own):
        raise Refused(Refusal.GUARD, [Fault("other_district", "place")])
    return place


def _short(field: str, row: int, refused: StockRefused) -> Fault:
    params: dict[str, str | int | float] = {"item": refused.item, "free": refused.free}
    code = "short_stock" if refused.flaw is StockFlaw.SHORT else f"stock_{refused.flaw.value}"
    return Fault(code, field, params, row=row, column="quantity")


def _subject(request: Request) -> str:
    return str(request.values.get("subject", request.number))[:200]
