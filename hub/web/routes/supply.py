"""The stock: the list, one item with where it lies and what moved it, and what is done with it.

Lists in and out stand in stock_lists.py.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.assets import ASSET_KINDS
from hub.core.people import Permission, Principal
from hub.supply.stock import Move, StockRefused
from hub.web.addresses import item_url
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Arranging, Listing, at, by_name
from hub.web.principal import principal_of
from hub.web.request_forms import form_of
from hub.web.site import Site
from hub.web.supply_forms import StockTyped, as_typed, item_of, refused, shift_of, typed_in
from hub.web.supply_pages import Kept, Shift

PAGE = "/supply"
ITEMS = f"{PAGE}/items"
_KEEP = needs(Permission.KEEP_STOCK)
Form = Annotated[FormData, Depends(form_of)]
Code = Annotated[str, Path(max_length=48)]
Deed = Literal["give", "move", "count"]
_STOCK = Listing[Kept](
    "stock",
    {
        "item": lambda kept: by_name(kept.item.name),
        "code": lambda kept: kept.item.code,
        "low": lambda kept: (not kept.low, kept.free),
        "count": lambda kept: -kept.free,
    },
    lambda kept: (kept.item.code, kept.item.name, kept.item.kind),
    {},
)
"""Its file is the list that the office sends back: stock_lists.py."""


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _SupplyPages(site)
    routes.get("")(pages.some)
    routes.get("/new", dependencies=[_KEEP])(pages.blank)
    routes.post("/new", dependencies=[_KEEP])(pages.add)
    routes.get("/items/{code}")(pages.one)
    routes.get("/items/{code}/export.{kind}")(pages.moves)
    routes.post("/items/{code}", dependencies=[_KEEP])(pages.change)
    routes.post("/items/{code}/{deed}", dependencies=[_KEEP])(pages.shift)
    return routes


class _SupplyPages:
    def __init__(self, site: Site) -> None:
        self._site, self._supply = site, site.office.supply

    def some(
        self,
        request: Request,
        search: Annotated[str, Query(max_length=100)] = "",
        low: bool = False,
        place: Annotated[str, Query(max_length=240)] = "",
        order: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        everything = self._supply.all(principal_of(request))
        active = [each for each in everything if each.item.active or each.count]
        here = [each for each in active if (each.low or not low) and (not place or each.at(place).count > 0)]
        found = _STOCK.found(here, Arranging(search, order))
        context = {
            "found": found,
            "lines": found.lines,
            "total": len(active),
            "low_ones": sum(each.low for each in active),
            "search": search,
            "low": low,
            "place": place,
            "places_in_use": sorted({level.place for each in active for level in each.levels}),
            **self._places(request),
        }
        return self._site.renderer.page(request, "supply/supply.html", context)

    def blank(self, request: Request) -> Response:
        return self._edited(request, StockTyped())

    def add(self, request: Request, form: Form) -> Response:
        typed = typed_in(form, "item")
        item, typed = item_of(typed)
        if item is None:
            return self._edited(request, typed)
        try:
            added = self._supply.add(item, principal_of(request))
        except StockRefused as error:
            return self._edited(request, refused(typed, error))
        return RedirectResponse(item_url(added.code), status_code=303)

    def one(self, request: Request, code: Code) -> Response:
        return self._shown(request, *self._known(request, code), StockTyped())

    def moves(self, request: Request, code: Code, kind: str) -> Response:
        """What moved it, the newest first."""
        known, language = self._known(request, code), self._site.renderer.language(request)
        figures, places = self._site.renderer.figures(request), self._site.requests.look.places(principal_of(request))
        listing = Listing[Move](
            "moves",
            {"newest": lambda _move: 0},
            lambda _move: (),
            {
                "at": lambda move: at(figures, move.deed.at),
                "why": lambda move: language.gettext(f"stock_why.{move.why.value}"),
                "change": lambda move: move.change,
                "place": lambda move: places.get(move.place, move.place),
                "other_place": lambda move: places.get(move.other, move.other),
                "left": lambda move: move.left,
                "who": lambda move: move.deed.name,
                "number": lambda move: move.deed.subject.removeprefix("request:"),
                "note": lambda move: move.deed.note,
            },
        )
        return listing.file(self._site, request, kind, listing.found(known[1], Arranging()))

    def change(self, request: Request, code: Code, form: Form) -> Response:
        before = self._known(request, code)[0].item
        item, typed = item_of(typed_in(form, "item"), before)
        if item is None:
            return self._shown(request, *self._known(request, code), typed)
        try:
            changed = self._supply.change(item, principal_of(request))
        except StockRefused as error:
            return self._shown(request, *self._known(request, code), refused(typed, error))
        return RedirectResponse(item_url(changed.code), status_code=303)

    def shift(self, request: Request, code: Code, deed: Deed, form: Form) -> Response:
        self._known(request, code)
        typed = typed_in(form, deed)
        acts: dict[str, Callable[[Shift, Principal], None]] = {
            "give": self._supply.give,
            "move": self._supply.move,
            "count": self._supply.count,
        }
        try:
            acts[deed](shift_of(typed, code), principal_of(request))
        except StockRefused as error:
            return self._shown(request, *self._known(request, code), refused(typed, error))
        return RedirectResponse(f"{item_url(code)}#levels", status_code=303)

    def _known(self, request: Request, code: str) -> tuple[Kept, Sequence[Move]]:
        found = self._supply.one(code, principal_of(request))
        if found is None:
            raise no_such("item", "code")
        return found

    def _shown(self, request: Request, kept: Kept, moves: Sequence[Move], typed: StockTyped) -> Response:
        context = {
            "path": item_url(kept.item.code),
            "kept": kept,
            "moves": moves,
            "typed": typed,
            "held": as_typed(kept.item),
            "kinds": ASSET_KINDS,
            **self._places(request),
        }
        return self._site.renderer.page(request, "supply/stock_item.html", context, typed.status)

    def _edited(self, request: Request, typed: StockTyped) -> Response:
        context = {"path": f"{PAGE}/new", "typed": typed, "kinds": ASSET_KINDS}
        return self._site.renderer.page(request, "supply/stock_new.html", context, typed.status)

    def _places(self, request: Request) -> dict[str, object]:
        return {"stock_places": self._site.requests.look.places(principal_of(request))}
