"""The JSON API of the stock: items with where they lie, what moved one, adding and changing items, and moving stock."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.core.people import Permission, Principal
from hub.supply.listing import NEEDED, BadCell, parsed
from hub.supply.places import OFFICE
from hub.supply.stock import Item, Move, StockFlaw, StockRefused
from hub.web.api_models import Page
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.site import Site
from hub.web.supply_pages import Kept, Shift

_KEEP = needs(Permission.KEEP_STOCK)
Code = Annotated[str, Path(max_length=48)]
_SAID = {
    StockFlaw.NO_SUCH_ITEM: ("there is no such item", "code", "list them"),
    StockFlaw.NO_SUCH_PLACE: (
        "there is no such place",
        "place",
        "write office, office:GROUP, car:person:ID or GROUP/CODE of a school",
    ),
    StockFlaw.SHORT: ("there are not so many free ones", "count", "see free"),
    StockFlaw.NO_COUNT: ("is no count", "count", "write a whole number above zero"),
    StockFlaw.SAME_PLACE: ("it is there already", "to", "name another place"),
    StockFlaw.NO_REASON: ("a correction needs a reason", "note", "say why"),
    StockFlaw.CODE_TAKEN: ("another item has this code", "code", "choose another"),
    StockFlaw.STALE: ("somebody was quicker", "seen", "read it again, then decide"),
}


class LevelModel(BaseModel):
    place: str = Field(description="office, office:GROUP of a district, car:person:ID, or GROUP/CODE of a school")
    count: int
    reserved: int
    free: int


class StockModel(BaseModel):
    code: str
    name: str
    unit: str
    kind: str
    least: int
    price_satang: int | None
    note: str
    active: bool
    version: int
    free: int
    low: bool
    levels: list[LevelModel]

    @classmethod
    def of(cls, kept: Kept) -> "StockModel":
        plain = {name: getattr(kept.item, name) for name in ("code", "name", "unit", "kind", "least", "price_satang")}
        more = {name: getattr(kept.item, name) for name in ("note", "active", "version")}
        levels = [
            LevelModel(place=each.place, count=each.count, reserved=each.reserved, free=each.free)
            for each in kept.levels
        ]
        return cls(**plain, **more, free=kept.free, low=kept.low, levels=levels)


class MoveModel(BaseModel):
    id: int
    at: int
    why: str
    place: str
    other: str
    change: int
    left: int
    who: str
    name: str
    subject: str
    note: str

    @classmethod
    def of(cls, move: Move) -> "MoveModel":
        told = {name: getattr(move.deed, name) for name in ("at", "who", "name", "subject", "note")}
        plain = {name: getattr(move, name) for name in ("id", "place", "other", "change", "left")}
        return cls(**told, **plain, why=move.why.value)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewItem(_Given):
    code: str = Field(max_length=48)
    name: str = Field(max_length=200)
    unit: str = Field(max_length=40)
    kind: str = Field("", max_length=40, description="of the register of assets, or empty")
    least: int = Field(0, ge=0, le=10_000_000, description="with fewer at the office, supply is warned")
    price_satang: int | None = Field(None, ge=0, le=100_000_000_000)
    note: str = Field("", max_length=500)


class ChangedItem(NewItem):
    active: bool = True
    version: int = Field(description="of the item that was read")


class NewMove(_Given):
    """give: put there; move: from one place to another; count: correct how many there are."""

    deed: Literal["give", "move", "count"]
    place: str = Field(OFFICE, max_length=240, description="without it, your own office")
    count: int = Field(ge=0, le=10_000_000)
    to: str = Field("", max_length=240, description="of a move")
    seen: int = Field(0, ge=0, description="of a count: how many the hub said")
    note: str = Field("", max_length=500, description="the reason; a count needs one")


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_ASSETS), prefix="/stock")
    api = _Stock(site)
    routes.get("")(api.some)
    routes.post("", status_code=201, dependencies=[_KEEP])(api.add)
    routes.get("/{code}")(api.one)
    routes.put("/{code}", dependencies=[_KEEP])(api.change)
    routes.get("/{code}/moves")(api.moves)
    routes.post("/{code}/moves", dependencies=[_KEEP])(api.move)
    return routes


class _Stock:
    def __init__(self, site: Site) -> None:
        self._supply = site.office.supply

    def some(self, request: Request) -> Page[StockModel]:
        """Items with where they lie in your districts, in order of their names: all of them at once."""
        return Page(items=[StockModel.of(each) for each in self._supply.all(principal_of(request))], next=None)

    def one(self, request: Request, code: Code) -> StockModel:
        return StockModel.of(self._known(request, code)[0])

    def moves(self, request: Request, code: Code) -> Page[MoveModel]:
        """What moved an item, the newest first; the last two hundred."""
        return Page(items=[MoveModel.of(each) for each in self._known(request, code)[1]], next=None)

    def add(self, request: Request, wish: NewItem) -> StockModel:
        item = Item(**_checked(wish))
        _act(lambda: self._supply.add(item, principal_of(request)))
        return self.one(request, item.code)

    def change(self, request: Request, code: Code, wish: ChangedItem) -> StockModel:
        before = self._known(request, code)[0].item
        item = Item(**_checked(wish), active=wish.active, version=wish.version, id=before.id)
        _act(lambda: self._supply.change(item, principal_of(request)))
        return self.one(request, item.code)

    def move(self, request: Request, code: Code, wish: NewMove) -> StockModel:
        """Move stock, and answer with where it lies then."""
        self._known(request, code)
        shift = Shift(code, wish.place, wish.count, wish.note, wish.to, wish.seen)
        acts: dict[str, Callable[[Shift, Principal], None]] = {
            "give": self._supply.give,
            "move": self._supply.move,
            "count": self._supply.count,
        }
        _act(lambda: acts[wish.deed](shift, principal_of(request)))
        return self.one(request, code)

    def _known(self, request: Request, code: str) -> tuple[Kept, list[Move]]:
        found = self._supply.one(code, principal_of(request))
        if found is None:
            raise no_such("item", "code")
        return found[0], list(found[1])


def _checked(wish: NewItem) -> dict[str, Any]:
    plain: dict[str, Any] = wish.model_dump(include=set(NewItem.model_fields))
    for name in ("code", *NEEDED, "kind"):
        text = str(plain[name]).strip()
        try:
            plain[name] = parsed(name, text) if text or name == "code" else ""
        except BadCell as bad:
            raise Problem(422, bad.code, f"{name} cannot be taken.", name, "see the code of this problem") from None
        if name in NEEDED and not text:
            raise Problem(422, "missing", f"{name} is empty.", name, "write it")
    return plain


def _act(act: Callable[[], object]) -> None:
    try:
        act()
    except StockRefused as error:
        detail, field, way_out = _SAID[error.flaw]
        extra = (("free", error.free),) if error.flaw is StockFlaw.SHORT else ()
        code = f"stock-{error.flaw.value.replace('_', '-')}"
        status = 422 if error.flaw in (StockFlaw.NO_COUNT, StockFlaw.NO_REASON, StockFlaw.NO_SUCH_PLACE) else 409
        raise Problem(status, code, f"{detail[0].upper()}{detail[1:]}.", field, way_out, extra) from None
