"""Forms of the stock: what was typed, what is wrong with it, so that nothing of it is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData

from hub.core.money import baht_of
from hub.core.texts import Text
from hub.supply.listing import NEEDED, BadCell, parsed
from hub.supply.places import OFFICE
from hub.supply.stock import Item, StockFlaw, StockRefused
from hub.web.supply_pages import Shift

EDITED = ("code", "name", "unit", "kind", "least", "price", "note")
_MOST_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class StockTyped:
    """step: which form of the page it was; faults: by field, or by "" for none of them"""

    step: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)

    def get(self, step: str, name: str, otherwise: object = "") -> str:
        """What a field of a form holds: what was typed, else what it held."""
        return self.values.get(name, str(otherwise)) if self.step == step else str(otherwise)

    def of(self, step: str, name: str) -> Text | None:
        return self.faults.get(name) if self.step == step else None

    @property
    def status(self) -> int:
        if not self.faults:
            return 200
        return 409 if any(fault.code == "stock.stale" for fault in self.faults.values()) else 422


_FIELD_OF = {
    StockFlaw.CODE_TAKEN: "code",
    StockFlaw.SHORT: "count",
    StockFlaw.NO_COUNT: "count",
    StockFlaw.NO_REASON: "note",
    StockFlaw.NO_SUCH_PLACE: "place",
    StockFlaw.SAME_PLACE: "to",
}
_KIND_OF_STOCK_FIELD = {"price": "price_satang"}


def typed_in(form: FormData, step: str) -> StockTyped:
    values = {name: str(given)[:_MOST_CHARACTERS] for name, given in form.items() if isinstance(given, str)}
    values.pop("csrf", None)
    return StockTyped(step, values)


def item_of(typed: StockTyped, before: Item | None = None) -> tuple[Item | None, StockTyped]:
    """The item as it was typed; none, and what is wrong, where it cannot be taken."""
    given: dict[str, str | int | None] = {}
    faults: dict[str, Text] = {}
    for name in EDITED:
        text = typed.values.get(name, "").strip()
        try:
            given[_KIND_OF_STOCK_FIELD.get(name, name)] = parsed(name, text) if text else _EMPTY.get(name, "")
        except BadCell as bad:
            faults[name] = Text(f"stock_list.{bad.code}")
    faults |= {name: Text("fault.missing") for name in ("code", *NEEDED) if not given.get(name) and name not in faults}
    if faults:
        return None, replace(typed, faults=faults)
    item = before or Item("", "", "")
    version = whole(typed.values.get("version", "")) or item.version
    kept = {"active": typed.values.get("active", "yes") == "yes", "version": version}
    return replace(item, **given, **kept), typed  # type: ignore[arg-type]


_EMPTY: Mapping[str, int | None] = {"least": 0, "price": None}


def shift_of(typed: StockTyped, code: str) -> Shift:
    """Raises StockRefused."""
    values = typed.values
    count = whole(values.get("count", ""))
    if count is None:
        raise StockRefused(StockFlaw.NO_COUNT, code)
    seen = whole(values.get("seen", "")) or 0
    return Shift(code, values.get("place", OFFICE), count, values.get("note", ""), values.get("to", ""), seen)


def refused(typed: StockTyped, error: StockRefused) -> StockTyped:
    params: dict[str, str | int | float | bool | None] = {"item": error.item, "free": error.free}
    return replace(typed, faults={_FIELD_OF.get(error.flaw, ""): Text(f"stock.{error.flaw.value}", params)})


def whole(text: str) -> int | None:
    digits = text.strip().replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 9 else None


def as_typed(item: Item) -> dict[str, str]:
    """What each field holds, as a form holds it."""
    price = "" if item.price_satang is None else f"{baht_of(item.price_satang):f}"
    plain = {"code": item.code, "name": item.name, "unit": item.unit, "kind": item.kind, "note": item.note}
    return {**plain, "least": str(item.least), "price": price}
